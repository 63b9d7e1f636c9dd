#include "daemon/pipeline/cpu_account.h"

#include <gtest/gtest.h>

namespace mqueue::pipeline {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr CpuAccount::Time kStart{seconds(1000)};

TEST(CpuAccount, BeginsWithTheBudgetOfOneInterval) {
  CpuAccount account(0.1, seconds(5), kStart);
  EXPECT_EQ(account.Balance(kStart), milliseconds(500));
}

TEST(CpuAccount, TimeAccruesItsShareUpToOneInterval) {
  CpuAccount account(0.1, seconds(5), kStart);
  account.Charge(milliseconds(400));
  EXPECT_EQ(account.Balance(kStart + seconds(1)), milliseconds(200));
  EXPECT_EQ(account.Balance(kStart + seconds(60)), milliseconds(500));
}

TEST(CpuAccount, OverdrawnAccountIsBalancedByTime) {
  CpuAccount account(0.1, milliseconds(100), kStart);
  account.Charge(milliseconds(60));
  EXPECT_EQ(account.Balance(kStart), milliseconds(-50));
  const auto wait = account.UntilBalanced(kStart);
  EXPECT_GE(wait, milliseconds(500));
  EXPECT_LT(wait, milliseconds(501));
  EXPECT_EQ(account.UntilBalanced(kStart + wait), nanoseconds(0));
  EXPECT_GT(account.UntilBalanced(kStart + wait / 2), nanoseconds(0));
}

TEST(CpuAccount, AccountWithBudgetLeftIsBalanced) {
  CpuAccount account(0.1, seconds(1), kStart);
  account.Charge(milliseconds(100));
  EXPECT_EQ(account.UntilBalanced(kStart), nanoseconds(0));
}

TEST(CpuAccount, OtherShareAccruesFromNowOnAndKeepsTheDebt) {
  CpuAccount account(0.1, seconds(1), kStart);
  account.Charge(milliseconds(300));
  account.Configure(0.5, seconds(1), kStart + seconds(1));
  EXPECT_EQ(account.Balance(kStart + seconds(1)), milliseconds(-100));
  EXPECT_EQ(account.Balance(kStart + seconds(2)), milliseconds(400));
  account.Configure(0.1, seconds(1), kStart + seconds(2));
  EXPECT_EQ(account.Balance(kStart + seconds(2)), milliseconds(100));
}

}  // namespace
}  // namespace mqueue::pipeline
