#include "daemon/os/descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "daemon/os/unique_fd.h"

namespace mqueue::os {
namespace {

TEST(OpenDescriptors, CountsThoseBelowTheEnd) {
  const std::size_t before = OpenDescriptors(1000);
  const UniqueFd opened(::open("/", O_PATH | O_CLOEXEC));
  ASSERT_TRUE(opened);
  EXPECT_EQ(OpenDescriptors(1000), before + 1);
  const auto number = static_cast<std::size_t>(opened.get());
  EXPECT_EQ(OpenDescriptors(number + 1), OpenDescriptors(number) + 1);
  EXPECT_EQ(OpenDescriptors(0), 0);
}

TEST(DescriptorLimit, IsTheSoftLimit) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit lowered{.rlim_cur = 77, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
  EXPECT_EQ(DescriptorLimit(), 77);
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace mqueue::os
