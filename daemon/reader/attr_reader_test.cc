#include "daemon/reader/attr_reader.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/os/clock.h"
#include "daemon/reader/testing/test_queues.h"

namespace mqueue::reader {
namespace {

constexpr std::chrono::hours kPlenty{1};

class AttrReaderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto directory = os::MqueueDirectory::MountDetached();
    ASSERT_TRUE(directory) << directory.error().message;
    reader_ = std::make_unique<AttrReader>(std::make_shared<const os::MqueueDirectory>(*std::move(directory)), os::Now);
  }

  Look LookAt(const QueueRef& queue) {
    RoundContext context(kPlenty);
    return *reader_->LookAt({&queue, 1}, context).front();
  }

  std::unique_ptr<AttrReader> reader_;
};

std::ptrdiff_t OpenDescriptors() { return std::ranges::distance(std::filesystem::directory_iterator("/proc/self/fd")); }

TEST_F(AttrReaderTest, DepthAndLimitsAreTheQueues) {
  const TestPosixQueue queue("/attr_reader");
  queue.Send(3, "one");
  queue.Send(9, "two");
  const Look look = LookAt(queue.ref());
  ASSERT_TRUE(look) << look.error().message;
  EXPECT_EQ(look->messages, 2);
  EXPECT_EQ(look->messages_limit, 10);
  EXPECT_EQ(look->message_size_limit, 128);
  EXPECT_EQ(look->ownership, (Ownership{.uid = ::geteuid(), .gid = ::getegid(), .mode = 0600}));
  EXPECT_TRUE(look->last_changed);
}

TEST_F(AttrReaderTest, WhatItCannotKnowIsAbsent) {
  const TestPosixQueue queue("/attr_reader");
  queue.Send(3, "one");
  const Look look = LookAt(queue.ref());
  ASSERT_TRUE(look);
  EXPECT_EQ(look->bytes, std::nullopt);
  EXPECT_EQ(look->groups, std::nullopt);
  EXPECT_EQ(look->head_priority, std::nullopt);
  EXPECT_EQ(look->sent, std::nullopt);
}

TEST_F(AttrReaderTest, UnlinkedQueueIsGone) {
  QueueRef ref;
  {
    const TestPosixQueue queue("/attr_reader");
    ref = queue.ref();
  }
  EXPECT_EQ(LookAt(ref).error().reason, LookErrorReason::kGone);
}

TEST_F(AttrReaderTest, QueueThatTookTheNameIsNotTakenForTheOld) {
  QueueRef first;
  {
    const TestPosixQueue queue("/attr_reader");
    first = queue.ref();
  }
  const TestPosixQueue second("/attr_reader");
  EXPECT_EQ(LookAt(first).error().reason, LookErrorReason::kGone);
  EXPECT_TRUE(LookAt(second.ref()));
}

TEST_F(AttrReaderTest, NoDescriptorOutlivesTheLook) {
  const TestPosixQueue queue("/attr_reader");
  const auto before = OpenDescriptors();
  ASSERT_TRUE(LookAt(queue.ref()));
  ASSERT_FALSE(LookAt({.name = "/no-such-queue"}));
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST_F(AttrReaderTest, SpentBudgetLeavesTheRestUnlooked) {
  const TestPosixQueue queue("/attr_reader");
  const std::vector<QueueRef> queues(3, queue.ref());
  RoundContext context(std::chrono::nanoseconds(0));
  const auto looks = reader_->LookAt(queues, context);
  ASSERT_EQ(looks.size(), queues.size());
  EXPECT_TRUE(std::ranges::none_of(looks, &std::optional<Look>::has_value));
}

}  // namespace
}  // namespace mqueue::reader
