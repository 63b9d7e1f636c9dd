#include "daemon/reader/msg_stat_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "daemon/os/clock.h"
#include "daemon/reader/testing/test_queues.h"

namespace mqueue::reader {
namespace {

Look LookAt(const QueueRef& queue) {
  RoundContext context(std::chrono::hours(1));
  return *MsgStatReader(os::Now).LookAt({&queue, 1}, context).front();
}

TEST(MsgStatReader, DepthBytesAndTimesAreTheQueues) {
  const TestSysvQueue queue;
  queue.Send(1, "hello");
  queue.Send(1, "worlds");
  const Look look = LookAt(queue.ref());
  ASSERT_TRUE(look) << look.error().message;
  EXPECT_EQ(look->messages, 2);
  EXPECT_EQ(look->bytes, 11);
  EXPECT_GT(look->bytes_limit, 0);
  EXPECT_LE(look->message_size_limit, look->bytes_limit);
  EXPECT_EQ(look->ownership, (Ownership{.uid = ::geteuid(), .gid = ::getegid(), .mode = 0600}));
  EXPECT_TRUE(look->last_sent);
  EXPECT_EQ(look->last_received, std::nullopt);
}

TEST(MsgStatReader, ReceiveTimeAppearsWithTheFirstReceive) {
  const TestSysvQueue queue;
  queue.Send(1, "hello");
  queue.Receive();
  const Look look = LookAt(queue.ref());
  ASSERT_TRUE(look);
  EXPECT_TRUE(look->last_received);
  EXPECT_EQ(look->last_receiver_pid, ::getpid());
}

TEST(MsgStatReader, RemovedQueueIsGone) {
  const TestSysvQueue queue;
  queue.Remove();
  EXPECT_EQ(LookAt(queue.ref()).error().reason, LookErrorReason::kGone);
}

}  // namespace
}  // namespace mqueue::reader
