#include "daemon/os/posix_peek.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <string_view>

#include "daemon/os/kernel_names.h"
#include "daemon/os/probe_queue.h"

namespace mqueue::os {
namespace {

// What a kernel with the calls answers is for the tests in the virtual machine; here, whatever the kernel, a call gives
// the right message or says that it is not there, and changes nothing.
class PosixPeekTest : public ::testing::Test {
 protected:
  void ExpectHeadOrError(const Result<std::optional<PeekedMessage>>& message, int error) {
    if (!message) {
      EXPECT_EQ(message.error().code, error) << message.error().message;
      return;
    }
    ASSERT_TRUE(message->has_value());
    EXPECT_EQ((*message)->priority, ProbeQueue::kMessages.front().priority);
    EXPECT_EQ((*message)->payload.size(), ProbeQueue::kMessages.front().payload.size());
  }

  Result<ProbeQueue> queue_ = ProbeQueue::Make();
  PeekBuffer buffer_ = PeekBuffer::Make(ProbeQueue::kLargestMessage).value();
};

TEST_F(PosixPeekTest, FcntlPeeksOrIsNotThere) {
  ASSERT_TRUE(queue_);
  ExpectHeadOrError(PeekByFcntl(queue_->descriptor(), 0, buffer_, "/orders"), EINVAL);
}

TEST_F(PosixPeekTest, SnapshotIsTakenOrIsNotThere) {
  ASSERT_TRUE(queue_);
  std::array<mq_snapshot_entry, 2> room{};
  const auto snapshot = TakeSnapshot(queue_->descriptor(), MQ_PRIO_MAX, room, "/orders");
  if (!snapshot) {
    EXPECT_EQ(snapshot.error().code, ENOTTY);
    EXPECT_EQ(snapshot.error().message, "ioctl(MQ_IOC_SNAPSHOT) /orders: Inappropriate ioctl for device");
    return;
  }
  EXPECT_EQ(snapshot->messages, ProbeQueue::kMessages.size());
}

TEST_F(PosixPeekTest, SyscallPeeksWhereTheKernelNamesIt) {
  ASSERT_TRUE(queue_);
  // Its number may be another call's elsewhere.
  if (!KernelNamesSyscall("mq_timedreceive2", {"/proc/kallsyms"})) return;
  ExpectHeadOrError(PeekBySyscall(queue_->descriptor(), 0, buffer_, "/orders"), ENOSYS);
}

TEST(PeekBuffer, FilledBytesAreItsFirst) {
  PeekBuffer buffer = PeekBuffer::Make(8).value();
  std::ranges::copy(std::string_view("head"), buffer.data());
  const auto filled = buffer.Filled(4);
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(filled.data()), filled.size()), "head");
}

}  // namespace
}  // namespace mqueue::os
