#include "daemon/reader/cpu_budget.h"

#include <gtest/gtest.h>

#include "daemon/os/clock.h"

namespace mqueue::reader {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(CpuBudget, IsSpentWhenNothingIsLeft) {
  CpuBudget budget(milliseconds(10));
  budget.Charge(milliseconds(9));
  EXPECT_FALSE(budget.spent());
  budget.Charge(milliseconds(1));
  EXPECT_TRUE(budget.spent());
}

TEST(CpuBudget, EmptyBudgetIsSpentFromTheStart) { EXPECT_TRUE(CpuBudget(milliseconds(0)).spent()); }

TEST(CpuMeter, ChargesWhatTheThreadUsed) {
  CpuBudget budget(milliseconds(2));
  CpuMeter meter(budget);
  const auto end = os::ThreadCpuTime() + milliseconds(2);
  while (os::ThreadCpuTime() < end) {
  }
  EXPECT_TRUE(meter.Spent());
}

TEST(CpuMeter, DoesNotChargeWhatTheThreadUsedBefore) {
  const auto end = os::ThreadCpuTime() + milliseconds(2);
  while (os::ThreadCpuTime() < end) {
  }
  CpuBudget budget(hours(1));
  CpuMeter meter(budget);
  EXPECT_FALSE(meter.Spent());
}

}  // namespace
}  // namespace mqueue::reader
