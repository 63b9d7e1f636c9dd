#include "daemon/exit_guard.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <future>

namespace mqueue {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

int SayLastWords() {
  std::fputs("last words\n", stderr);
  return 7;
}

TEST(ExitGuard, DestructionReleasesTheProcess) {
  for (const bool armed : {false, true}) {
    const auto guard = ExitGuard::Start([] {
                         ADD_FAILURE();
                         return 1;
                       }).value();
    if (armed) guard->Arm(hours(1));
  }
}

TEST(ExitGuardDeathTest, EndsTheProcessAtTheDeadlineWhateverHangs) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const auto guard = ExitGuard::Start(SayLastWords).value();
        guard->Arm(milliseconds(10));
        std::promise<void> never;
        never.get_future().wait();
      },
      ::testing::ExitedWithCode(7), "last words");
}

TEST(ExitGuardDeathTest, SecondDeadlineDoesNotPutOffTheFirst) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const auto guard = ExitGuard::Start(SayLastWords).value();
        guard->Arm(milliseconds(10));
        guard->Arm(hours(1));
        std::promise<void> never;
        never.get_future().wait();
      },
      ::testing::ExitedWithCode(7), "last words");
}

}  // namespace
}  // namespace mqueue
