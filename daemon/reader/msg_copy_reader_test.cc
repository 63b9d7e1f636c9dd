#include "daemon/reader/msg_copy_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <thread>

#include "daemon/os/clock.h"
#include "daemon/reader/msg_copy_walk.h"
#include "daemon/reader/testing/test_queues.h"

namespace mqueue::reader {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Look LookAt(const TestSysvQueue& queue, std::uint64_t max_messages = 256) {
  MsgCopyReader reader(max_messages, MessageDigest(), os::Now);
  RoundContext context(std::chrono::hours(1));
  const QueueRef ref = queue.ref();
  return *reader.LookAt({&ref, 1}, context).front();
}

PriorityGroup Group(std::uint64_t type, std::uint64_t messages, std::uint64_t bytes) {
  return {.value = type, .messages = messages, .bytes = bytes};
}

TEST(MsgCopyReader, TypesAreCountedAndTheHeadIsTheOldest) {
  const TestSysvQueue queue;
  queue.Send(5, "aaa");
  queue.Send(2, "b");
  queue.Send(5, "cc");
  const Look look = LookAt(queue);
  ASSERT_TRUE(look) << look.error().message;
  EXPECT_EQ(look->messages, 3);
  EXPECT_THAT(*look->groups, ElementsAre(Group(2, 1, 1), Group(5, 2, 5)));
  EXPECT_EQ(look->head_priority, 5);
  EXPECT_EQ(look->truncated, false);
}

TEST(MsgCopyReader, EmptyQueueHasNoHeadAndNoGroups) {
  const TestSysvQueue queue;
  const Look look = LookAt(queue);
  ASSERT_TRUE(look);
  EXPECT_EQ(look->messages, 0);
  EXPECT_THAT(*look->groups, IsEmpty());
  EXPECT_EQ(look->head_priority, std::nullopt);
  EXPECT_EQ(look->head_mark, std::nullopt);
}

TEST(MsgCopyReader, LookingChangesNothing) {
  const TestSysvQueue queue;
  queue.Send(5, "aaa");
  queue.Send(2, "b");
  const auto before = os::StatQueue(queue.msqid());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(LookAt(queue));
  EXPECT_EQ(os::StatQueue(queue.msqid()), before);
}

TEST(MsgCopyReader, StopsAtItsBoundAndSaysSo) {
  const TestSysvQueue queue;
  for (int i = 0; i < 5; ++i) queue.Send(1, "x");
  const Look look = LookAt(queue, 3);
  ASSERT_TRUE(look);
  EXPECT_EQ(look->messages, 5);
  EXPECT_THAT(*look->groups, ElementsAre(Group(1, 3, 3)));
  EXPECT_EQ(look->truncated, true);
}

TEST(MsgCopyReader, BoundThatTheQueueJustFillsTruncatesNothing) {
  const TestSysvQueue queue;
  for (int i = 0; i < 3; ++i) queue.Send(1, "x");
  EXPECT_EQ(LookAt(queue, 3)->truncated, false);
}

TEST(MsgCopyReader, MessagesFarLargerThanTheAverageAreCopied) {
  const TestSysvQueue queue;
  for (int i = 0; i < 20; ++i) queue.Send(1, "");
  queue.Send(2, std::string(8000, 'x'));
  const Look look = LookAt(queue);
  ASSERT_TRUE(look);
  EXPECT_THAT(*look->groups, ElementsAre(Group(1, 20, 0), Group(2, 1, 8000)));
}

TEST(MsgCopyReader, RemovedQueueIsGone) {
  const TestSysvQueue queue;
  queue.Remove();
  EXPECT_EQ(LookAt(queue).error().reason, LookErrorReason::kGone);
}

TEST(MsgCopyReader, SameHeadHasTheSameMarkWhateverComesBehindIt) {
  const TestSysvQueue queue;
  queue.Send(1, "head");
  MsgCopyReader reader(256, MessageDigest(), os::Now);
  const QueueRef ref = queue.ref();
  RoundContext context(std::chrono::hours(1));
  const auto first = reader.LookAt({&ref, 1}, context).front().value()->head_mark;
  queue.Send(1, "head");
  queue.Send(1, "other");
  const auto second = reader.LookAt({&ref, 1}, context).front().value()->head_mark;
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(first->identity, second->identity);
  EXPECT_EQ(first->twins, 1);
  EXPECT_EQ(second->twins, 2);
}

// The namespace's own kernel.msgmax, lowered for the length of a test.
class LoweredMsgmax {
 public:
  explicit LoweredMsgmax(const std::string& value) {
    std::ifstream(kPath) >> before_;
    std::ofstream(kPath) << value;
  }
  ~LoweredMsgmax() { std::ofstream(kPath) << before_; }
  LoweredMsgmax(const LoweredMsgmax&) = delete;
  LoweredMsgmax& operator=(const LoweredMsgmax&) = delete;

  static bool IsWritable() { return std::ofstream(kPath).good(); }

 private:
  static constexpr char kPath[] = "/proc/sys/kernel/msgmax";
  std::string before_;
};

TEST(MsgCopyReader, MessageLargerThanALoweredMsgmaxIsSkippedAndNamed) {
  ASSERT_TRUE(LoweredMsgmax::IsWritable()) << "run as root";
  const TestSysvQueue queue;
  queue.Send(1, "small");
  queue.Send(2, std::string(4000, 'x'));
  queue.Send(3, "small too");
  const LoweredMsgmax lowered("100");
  const Look look = LookAt(queue);
  ASSERT_TRUE(look) << look.error().message;
  EXPECT_THAT(*look->groups, ElementsAre(Group(1, 1, 5), Group(3, 1, 9)));
  EXPECT_THAT(look->uncopied, ElementsAre(1));
  EXPECT_EQ(look->messages, 3);
}

TEST(MsgCopyWalk, RefusedMemoryIsTheFailure) {
  const TestSysvQueue queue;
  constexpr std::uint64_t kTooMuch = std::uint64_t{1} << 62;
  const os::SysvStatus status{.msqid = static_cast<int>(queue.ref().id), .messages = 1, .bytes = kTooMuch};
  CpuBudget budget{std::chrono::hours(1)};
  CpuMeter meter(budget);
  const auto walk = WalkMessages(status, {.largest_message = kTooMuch}, MessageDigest(), meter);
  ASSERT_FALSE(walk);
  EXPECT_EQ(walk.error().code, ENOMEM);
}

TEST(MsgCopyReader, SurvivesMessagesComingAndGoing) {
  const TestSysvQueue queue;
  std::atomic<bool> stop = false;
  std::thread traffic([&] {
    while (!stop) {
      for (long type = 1; type <= 20; ++type) queue.Send(type, "payload");
      for (int i = 0; i < 20; ++i) queue.Receive();
    }
  });
  for (int i = 0; i < 500; ++i) {
    const Look look = LookAt(queue);
    ASSERT_TRUE(look) << look.error().message;
    std::uint64_t copied = 0;
    for (const auto& group : *look->groups) {
      EXPECT_LE(group.messages, 2);
      copied += group.messages;
    }
    EXPECT_TRUE(*look->truncated || copied >= look->messages);
  }
  stop = true;
  traffic.join();
}

}  // namespace
}  // namespace mqueue::reader
