#include "daemon/bpf/snapshots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mqueue::bpf {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::Optional;

constexpr Instant kNow{.boottime = seconds(50), .realtime = seconds(5000)};

WalkedQueue Posix() {
  WalkedQueue queue{.record = {}, .name = "orders", .groups = {}};
  queue.record.kind = kBpfPosix;
  queue.record.uid = 1;
  queue.record.gid = 2;
  queue.record.mode = 0100640;
  queue.record.messages_limit = 10;
  queue.record.message_size_limit = 64;
  queue.record.complete = 1;
  queue.record.waiting_receivers = 1;
  queue.record.senders_known = 1;
  queue.record.receivers_known = 1;
  queue.record.before = queue.record.after = {.messages = 3, .bytes = 30, .changed = 1000, .sent = 0, .received = 0};
  queue.record.head = 0x1000;
  queue.record.head_value = 9;
  queue.record.head_size = 10;
  queue.record.head_digest = 111;
  queue.groups = {{9, 2, 20, 0x1000, 0x2000}, {1, 1, 10, 0x3000, 0x3000}};
  return queue;
}

TEST(SnapshotsTest, SettledPosixQueueShowsAllThatAWalkKnows) {
  const auto snapshot = SettledSnapshot(Posix(), {}, kNow);
  EXPECT_EQ(snapshot.reader, ReaderKind::kBpf);
  EXPECT_EQ(snapshot.looked_at, kNow);
  EXPECT_EQ(snapshot.messages, 3U);
  EXPECT_EQ(snapshot.bytes, 30U);
  EXPECT_EQ(snapshot.messages_limit, 10U);
  EXPECT_EQ(snapshot.message_size_limit, 64U);
  EXPECT_EQ(snapshot.ownership, (Ownership{.uid = 1, .gid = 2, .mode = 0640}));
  EXPECT_EQ(snapshot.last_changed, seconds(1000));
  EXPECT_EQ(snapshot.waiting_receivers, 1U);
  EXPECT_EQ(snapshot.head_priority, 9U);
  EXPECT_THAT(snapshot.groups, Optional(ElementsAre(PriorityGroup{9, 2, 20, {}}, PriorityGroup{1, 1, 10, {}})));
  EXPECT_FALSE(snapshot.inconsistent);
}

TEST(SnapshotsTest, RestlessQueueShowsOnlyWhatSingleReadsTell) {
  const auto snapshot = RestlessSnapshot(Posix(), {}, kNow);
  EXPECT_TRUE(snapshot.inconsistent);
  EXPECT_EQ(snapshot.messages, 3U);
  EXPECT_EQ(snapshot.messages_limit, 10U);
  EXPECT_FALSE(snapshot.groups);
  EXPECT_FALSE(snapshot.head_priority);
  EXPECT_FALSE(snapshot.head_mark);
}

TEST(SnapshotsTest, WalkThatDidNotEndShowsTheTotalsItBeganWith) {
  auto queue = Posix();
  queue.record.complete = 0;
  queue.record.after = {};
  const auto snapshot = RestlessSnapshot(queue, {}, kNow);
  EXPECT_EQ(snapshot.messages, 3U);
}

TEST(SnapshotsTest, NumberOfWaitersThatIsUnknownIsAbsent) {
  auto queue = Posix();
  queue.record.receivers_known = 0;
  const auto snapshot = SettledSnapshot(queue, {}, kNow);
  EXPECT_EQ(snapshot.waiting_senders, 0U);
  EXPECT_FALSE(snapshot.waiting_receivers);
  EXPECT_TRUE(snapshot.groups);
}

TEST(SnapshotsTest, EmptyQueueHasGroupsAndNoHead) {
  auto queue = Posix();
  queue.groups.clear();
  const auto snapshot = SettledSnapshot(queue, {}, kNow);
  EXPECT_THAT(snapshot.groups, Optional(ElementsAre()));
  EXPECT_FALSE(snapshot.head_priority);
  EXPECT_FALSE(snapshot.head_mark);
}

TEST(SnapshotsTest, HeadIsRecognisedByPlaceAndPayload) {
  const auto mark = SettledSnapshot(Posix(), {}, kNow).head_mark;
  EXPECT_EQ(SettledSnapshot(Posix(), {}, kNow).head_mark, mark);
  auto moved = Posix();
  moved.record.head += 64;
  EXPECT_NE(SettledSnapshot(moved, {}, kNow).head_mark->identity, mark->identity);
  auto other = Posix();
  other.record.head_digest = 333;
  EXPECT_NE(SettledSnapshot(other, {}, kNow).head_mark->identity, mark->identity);
}

TEST(SnapshotsTest, SysvQueueIsBoundedByBytes) {
  WalkedQueue queue{.record = {}, .name = "", .groups = {}};
  queue.record.kind = kBpfSysv;
  queue.record.complete = 1;
  queue.record.bytes_limit = 4096;
  queue.record.last_receiver_pid = 77;
  queue.record.before = queue.record.after = {.messages = 0, .bytes = 0, .changed = 0, .sent = 1000, .received = 0};
  const auto snapshot = SettledSnapshot(queue, {.sysv_message_size_limit = 8192}, kNow);
  EXPECT_EQ(snapshot.bytes_limit, 4096U);
  EXPECT_EQ(snapshot.message_size_limit, 4096U);
  EXPECT_EQ(snapshot.last_sent, seconds(1000));
  EXPECT_FALSE(snapshot.last_received);
  EXPECT_EQ(snapshot.last_receiver_pid, 77);
  EXPECT_FALSE(snapshot.messages_limit);
}

}  // namespace
}  // namespace mqueue::bpf
