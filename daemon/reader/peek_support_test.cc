#include "daemon/reader/peek_support.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>

namespace mqueue::reader {
namespace {

const Support& Of(const std::vector<Support>& support, ReaderKind kind) {
  return *std::ranges::find(support, kind, &Support::reader);
}

TEST(ProbePeeks, CallThatTheKernelDoesNotNameIsNotMade) {
  const auto support = ProbePeeks({.kernel_functions = {"/dev/null"}});
  const Support& syscall = Of(support, ReaderKind::kSyscall);
  EXPECT_FALSE(syscall.supported);
  EXPECT_TRUE(syscall.known);
  EXPECT_EQ(syscall.obstacle, "the kernel does not name mq_timedreceive2");
}

TEST(ProbePeeks, EveryReaderIsSupportedOrSaysWhyNot) {
  for (const Support& support : ProbePeeks({})) {
    EXPECT_TRUE(support.known);
    EXPECT_EQ(support.supported, support.obstacle.empty()) << support.obstacle;
  }
}

TEST(ProbePeeks, WithoutRoomForADescriptorNothingIsKnown) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto probed = ProbePeeks({});
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(probed.size(), 3);
  for (const Support& support : probed) {
    EXPECT_FALSE(support.known);
    EXPECT_FALSE(support.supported);
    EXPECT_NE(support.obstacle.find("Too many open files"), std::string::npos) << support.obstacle;
  }
}

}  // namespace
}  // namespace mqueue::reader
