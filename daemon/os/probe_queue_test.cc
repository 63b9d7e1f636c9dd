#include "daemon/os/probe_queue.h"

#include <gtest/gtest.h>
#include <mqueue.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "daemon/os/mqueue_directory.h"

namespace mqueue::os {
namespace {

TEST(ProbeQueue, HoldsItsMessagesInReceiveOrder) {
  const auto queue = ProbeQueue::Make();
  ASSERT_TRUE(queue) << queue.error().message;
  for (const auto& message : ProbeQueue::kMessages) {
    std::array<char, ProbeQueue::kLargestMessage> text{};
    unsigned priority = 0;
    const auto size = ::mq_receive(queue->descriptor().get(), text.data(), text.size(), &priority);
    ASSERT_GE(size, 0);
    EXPECT_EQ(std::string_view(text.data(), static_cast<std::size_t>(size)), message.payload);
    EXPECT_EQ(priority, message.priority);
  }
}

TEST(ProbeQueue, HasNoNameThatAnybodyCouldOpen) {
  const auto directory = MqueueDirectory::MountDetached();
  ASSERT_TRUE(directory);
  const auto before = directory->List()->size();
  const auto queue = ProbeQueue::Make();
  ASSERT_TRUE(queue);
  EXPECT_EQ(directory->List()->size(), before);
}

TEST(ProbeQueue, IsMadeWhereTheUsersQueuesHaveUsedUpTheSoftLimit) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_MSGQUEUE, &before), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_MSGQUEUE, &none), 0);
  const auto queue = ProbeQueue::Make();
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_MSGQUEUE, &after), 0);
  ASSERT_EQ(::setrlimit(RLIMIT_MSGQUEUE, &before), 0);
  EXPECT_TRUE(queue);
  EXPECT_EQ(after.rlim_cur, 0);
}

TEST(ProbeQueue, WithoutRoomForADescriptorTheErrorSaysSo) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto queue = ProbeQueue::Make();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(queue);
  EXPECT_EQ(queue.error().code, EMFILE);
}

}  // namespace
}  // namespace mqueue::os
