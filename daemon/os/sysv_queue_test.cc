#include "daemon/os/sysv_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace mqueue::os {
namespace {

class SysvQueueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    msqid_ = ::msgget(IPC_PRIVATE, IPC_CREAT | 0640);
    ASSERT_GE(msqid_, 0);
  }
  void TearDown() override { ::msgctl(msqid_, IPC_RMID, nullptr); }

  void Send(long type, const std::string& text) {
    struct {
      long type;
      char text[64];
    } message{.type = type};
    ASSERT_LE(text.size(), sizeof message.text);
    std::memcpy(message.text, text.data(), text.size());
    ASSERT_EQ(::msgsnd(msqid_, &message, text.size(), 0), 0);
  }

  int msqid_ = -1;
};

std::string Text(const SysvMessage& message) {
  return {reinterpret_cast<const char*>(message.payload.data()), message.payload.size()};
}

TEST_F(SysvQueueTest, StatusIsTheQueues) {
  Send(5, "hello");
  const auto status = StatQueue(msqid_);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->msqid, msqid_);
  EXPECT_EQ(status->key, IPC_PRIVATE);
  EXPECT_EQ(status->messages, 1);
  EXPECT_EQ(status->bytes, 5);
  EXPECT_EQ(status->ownership, (Ownership{.uid = ::geteuid(), .gid = ::getegid(), .mode = 0640}));
  EXPECT_GT(status->last_sent.count(), 0);
  EXPECT_EQ(status->last_received.count(), 0);
}

TEST_F(SysvQueueTest, RemovedQueueIsNothing) {
  ::msgctl(msqid_, IPC_RMID, nullptr);
  EXPECT_EQ(StatQueue(msqid_), std::nullopt);
}

TEST_F(SysvQueueTest, QueueThatTookTheSlotIsNotTakenForTheOld) {
  ::msgctl(msqid_, IPC_RMID, nullptr);
  const int successor = ::msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  ASSERT_NE(successor, msqid_);
  EXPECT_EQ(StatQueue(msqid_), std::nullopt);
  EXPECT_TRUE(StatQueue(successor));
  ::msgctl(successor, IPC_RMID, nullptr);
}

TEST_F(SysvQueueTest, CopiesByIndexInOrderAndTakesNothing) {
  Send(5, "first");
  Send(2, "second");
  const auto before = StatQueue(msqid_);
  SysvMessageBuffer buffer;
  ASSERT_TRUE(buffer.Reserve(64));
  const auto first = CopyMessage(msqid_, 0, buffer);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->type, 5);
  EXPECT_EQ(Text(*first), "first");
  const auto second = CopyMessage(msqid_, 1, buffer);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->type, 2);
  EXPECT_EQ(Text(*second), "second");
  EXPECT_EQ(StatQueue(msqid_), before);
}

TEST_F(SysvQueueTest, BehindTheLastMessageIsNoMessage) {
  SysvMessageBuffer buffer;
  EXPECT_EQ(CopyMessage(msqid_, 0, buffer).error().code, ENOMSG);
}

TEST_F(SysvQueueTest, SmallBufferIsTooSmallAndCutsNothing) {
  Send(1, "larger than eight bytes");
  SysvMessageBuffer buffer;
  ASSERT_TRUE(buffer.Reserve(8));
  EXPECT_EQ(CopyMessage(msqid_, 0, buffer).error().code, E2BIG);
}

TEST_F(SysvQueueTest, InfoCountsTheQueue) {
  const auto info = GetSysvInfo();
  ASSERT_TRUE(info);
  EXPECT_GE(info->queues, 1);
  EXPECT_GE(info->queues_limit, info->queues);
  EXPECT_GT(info->message_size_limit, 0);
  EXPECT_TRUE(StatSlot(info->highest_slot));
}

TEST_F(SysvQueueTest, MessageCopyIsKnownWhereItWorks) {
  Send(1, "");
  SysvMessageBuffer buffer;
  EXPECT_EQ(KernelHasMessageCopy(), CopyMessage(msqid_, 0, buffer).has_value());
}

}  // namespace
}  // namespace mqueue::os
