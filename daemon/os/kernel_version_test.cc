#include "daemon/os/kernel_version.h"

#include <gtest/gtest.h>

namespace mqueue::os {
namespace {

TEST(ParseKernelVersion, TakesTheFirstTwoNumbers) {
  EXPECT_EQ(ParseKernelVersion("6.1.0-32-amd64"), (KernelVersion{6, 1}));
  EXPECT_EQ(ParseKernelVersion("6.12"), (KernelVersion{6, 12}));
  EXPECT_EQ(ParseKernelVersion("10.0-rc1"), (KernelVersion{10, 0}));
}

TEST(ParseKernelVersion, WhatIsNoVersionIsAbsent) {
  for (const char* release : {"", "6", "6.", "6-1", ".1", "six.one"}) {
    EXPECT_EQ(ParseKernelVersion(release), std::nullopt) << release;
  }
}

TEST(KernelVersion, IsOrderedByNumberAndNotByText) {
  EXPECT_LT((KernelVersion{6, 1}), (KernelVersion{6, 12}));
  EXPECT_LT((KernelVersion{6, 9}), (KernelVersion{6, 12}));
  EXPECT_LT((KernelVersion{5, 19}), (KernelVersion{6, 0}));
}

TEST(RunningKernelVersion, IsKnown) { EXPECT_GE(RunningKernelVersion(), (KernelVersion{5, 0})); }

}  // namespace
}  // namespace mqueue::os
