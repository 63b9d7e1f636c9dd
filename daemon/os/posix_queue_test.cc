#include "daemon/os/posix_queue.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <mqueue.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "daemon/os/clock.h"

namespace mqueue::os {
namespace {

constexpr char kName[] = "/posix_queue_test";

class PosixQueueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::mq_unlink(kName);
    mq_attr attributes{.mq_maxmsg = 3, .mq_msgsize = 100};
    queue_ = UniqueFd(::mq_open(kName, O_RDWR | O_CREAT | O_CLOEXEC, 0600, &attributes));
    ASSERT_TRUE(queue_);
    ::mq_unlink(kName);
  }

  UniqueFd queue_;
};

TEST_F(PosixQueueTest, AttributesAreTheQueues) {
  ASSERT_EQ(::mq_send(queue_.get(), "one", 3, 7), 0);
  const auto attributes = GetAttributes(queue_, kName);
  ASSERT_TRUE(attributes);
  EXPECT_EQ(attributes->messages, 1);
  EXPECT_EQ(attributes->messages_limit, 3);
  EXPECT_EQ(attributes->message_size_limit, 100);
}

TEST_F(PosixQueueTest, StatusTellsOwnerAndLastChange) {
  const auto before = Now().realtime;
  ASSERT_EQ(::mq_send(queue_.get(), "one", 3, 7), 0);
  const auto status = GetStatus(queue_, kName);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->ownership, (Ownership{.uid = ::geteuid(), .gid = ::getegid(), .mode = 0600}));
  // Whole seconds, of the kernel's coarse clock, which lags by up to a tick.
  EXPECT_GT(status->last_changed, before - std::chrono::milliseconds(1100));
  EXPECT_LE(status->last_changed, Now().realtime);
}

TEST_F(PosixQueueTest, OwnerCannotSetTheLastChangeBack) {
  const auto before = Now().realtime;
  const timespec long_ago[2] = {{.tv_sec = 946684800, .tv_nsec = 0}, {.tv_sec = 946684800, .tv_nsec = 0}};
  ASSERT_EQ(::futimens(queue_.get(), long_ago), 0);
  EXPECT_GT(GetStatus(queue_, kName)->last_changed, before - std::chrono::milliseconds(1100));
}

TEST_F(PosixQueueTest, LookingLeavesEveryTimeAsItWas) {
  struct stat before{}, after{};
  ASSERT_EQ(::mq_send(queue_.get(), "one", 3, 7), 0);
  ASSERT_EQ(::fstat(queue_.get(), &before), 0);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(GetAttributes(queue_, kName));
    ASSERT_TRUE(GetStatus(queue_, kName));
  }
  ASSERT_EQ(::fstat(queue_.get(), &after), 0);
  EXPECT_EQ(before.st_atim.tv_nsec, after.st_atim.tv_nsec);
  EXPECT_EQ(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
  EXPECT_EQ(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

TEST_F(PosixQueueTest, DescriptorThatIsNoQueueIsAnErrorWithTheName) {
  const UniqueFd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const auto attributes = GetAttributes(file, "/orders");
  ASSERT_FALSE(attributes);
  EXPECT_EQ(attributes.error().code, EBADF);
  EXPECT_EQ(attributes.error().message, "mq_getattr /orders: Bad file descriptor");
}

TEST(KernelHasPosixQueues, AgreesWithCreatingOne) {
  const UniqueFd queue(::mq_open(kName, O_RDWR | O_CREAT | O_CLOEXEC, 0600, nullptr));
  ::mq_unlink(kName);
  EXPECT_EQ(KernelHasPosixQueues(), static_cast<bool>(queue));
}

}  // namespace
}  // namespace mqueue::os
