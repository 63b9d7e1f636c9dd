#include "daemon/pipeline/plan.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "daemon/os/clock.h"

namespace mqueue::pipeline {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

settings::Settings WithInterval(milliseconds interval) {
  settings::Settings settings;
  auto policy = std::make_shared<QueuePolicy>();
  policy->interval = interval;
  settings.queues.fallback = std::move(policy);
  return settings;
}

QueueRule Rule(milliseconds interval, bool exclude = false) {
  auto policy = std::make_shared<QueuePolicy>();
  policy->interval = interval;
  return {.pattern = "*", .exclude = exclude, .policy = std::move(policy)};
}

Plan MakePlanOf(const settings::Settings& settings) { return MakePlan(Host(), settings, os::Now); }

TEST(Plan, RoundsHaveTheGeneralInterval) {
  auto settings = WithInterval(seconds(3));
  settings.queues.rules = {Rule(milliseconds(100)), Rule(seconds(60))};
  EXPECT_EQ(MakePlanOf(settings).period, seconds(3));
}

TEST(Plan, LooksBetweenRoundsHaveTheShortestIntervalOfARule) {
  auto settings = WithInterval(seconds(3));
  settings.queues.rules = {Rule(seconds(1)), Rule(milliseconds(200)), Rule(milliseconds(100), /*exclude=*/true)};
  EXPECT_EQ(MakePlanOf(settings).look_interval, milliseconds(200));
}

TEST(Plan, WithoutAShorterIntervalNoLooksAreBetweenRounds) {
  auto settings = WithInterval(seconds(3));
  settings.queues.rules = {Rule(seconds(60))};
  EXPECT_EQ(MakePlanOf(settings).look_interval, seconds(3));
}

TEST(Plan, DiscoveryAndRenderingGetTenSecondsOrAnIntervalIfThatIsLonger) {
  EXPECT_EQ(MakePlanOf(WithInterval(seconds(3))).patience, seconds(10));
  EXPECT_EQ(MakePlanOf(WithInterval(seconds(60))).patience, seconds(60));
}

TEST(Plan, OutputsAndBudgetGetTheirSettings) {
  settings::Settings settings;
  settings.peek.cpu_budget = 0.25;
  settings.limits.max_queues = 7;
  settings.exact_priorities = {.enabled = true, .max = 5};
  const Plan plan = MakePlanOf(settings);
  EXPECT_EQ(plan.cpu_budget, 0.25);
  EXPECT_EQ(plan.settings.max_queues, 7U);
  EXPECT_TRUE(plan.settings.exact_priorities);
  EXPECT_EQ(plan.settings.max_priorities, 5U);
}

}  // namespace
}  // namespace mqueue::pipeline
