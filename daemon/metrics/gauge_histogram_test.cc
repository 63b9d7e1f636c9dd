#include "daemon/metrics/gauge_histogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace mqueue::metrics {
namespace {

using ::testing::ElementsAre;

using Groups = std::vector<PriorityGroup>;
using Bounds = std::vector<std::uint64_t>;

GaugeHistogram Histogram(const Groups& groups, const Bounds& bounds) {
  GaugeHistogram histogram;
  histogram.Assign(groups, bounds);
  return histogram;
}

TEST(BucketBounds, LabelsAreCanonicalAndEndWithInfinity) {
  const BucketBounds bounds(Bounds{0, 31, 1'000'000});
  EXPECT_THAT(bounds.values(), ElementsAre(0, 31, 1'000'000));
  EXPECT_THAT(bounds.labels(), ElementsAre("le=\"0.0\"", "le=\"31.0\"", "le=\"1e+06\"", "le=\"+Inf\""));
}

TEST(BucketBounds, BoundsThatADoubleCannotTellApartAreOneBucket) {
  constexpr std::uint64_t kExact = std::uint64_t{1} << 60;
  const BucketBounds bounds(Bounds{kExact, kExact + 1});
  EXPECT_THAT(bounds.values(), ElementsAre(kExact));
  EXPECT_EQ(bounds.labels().size(), 2U);
}

TEST(GaugeHistogram, BucketsAreCumulativeAndBoundsInclusive) {
  const GaugeHistogram histogram = Histogram({{32, 4}, {10, 3}, {9, 2}, {0, 1}}, {0, 9, 31});
  EXPECT_THAT(histogram.buckets, ElementsAre(1, 3, 6, 10));
  EXPECT_EQ(histogram.sum, 0.0 + 18 + 30 + 128);
}

TEST(GaugeHistogram, GroupsMayAscendOrDescend) {
  const Groups descending = {{32, 4}, {10, 3}, {9, 2}, {0, 1}};
  const Groups ascending(descending.rbegin(), descending.rend());
  const Bounds bounds = {0, 9, 31};
  EXPECT_EQ(Histogram(ascending, bounds).buckets, Histogram(descending, bounds).buckets);
  EXPECT_EQ(Histogram(ascending, bounds).sum, Histogram(descending, bounds).sum);
}

TEST(GaugeHistogram, EmptyQueueHasAllBucketsAtZero) {
  EXPECT_THAT(Histogram({}, {7}).buckets, ElementsAre(0, 0));
  EXPECT_EQ(Histogram({}, {7}).sum, 0);
}

TEST(GaugeHistogram, WithoutBoundsAllMessagesRemain) {
  EXPECT_THAT(Histogram({{3, 2}}, {}).buckets, ElementsAre(2));
  EXPECT_EQ(Histogram({{3, 2}}, {}).sum, 6);
}

TEST(GaugeHistogram, SumOfHugeTypesDoesNotOverflow) {
  constexpr std::uint64_t kLargestType = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(Histogram({{kLargestType, 4}}, {}).sum, 36893488147419103232.0);
}

TEST(GaugeHistogram, AssignForgetsTheLastQueue) {
  GaugeHistogram histogram = Histogram({{3, 2}, {5, 1}}, {1, 2, 3});
  histogram.Assign(Groups{{1, 7}}, Bounds{4});
  EXPECT_THAT(histogram.buckets, ElementsAre(7, 7));
  EXPECT_EQ(histogram.sum, 7);
}

// Against the definition: the messages of every group whose value is not above the bound.
TEST(GaugeHistogram, EveryBucketCountsTheMessagesUpToItsBound) {
  std::mt19937_64 random(20261121);
  for (int round = 0; round < 1000; ++round) {
    Groups groups;
    for (std::uint64_t value = random() % 10; groups.size() < random() % 20; value += 1 + random() % 3000) {
      groups.push_back({.value = value, .messages = random() % 100});
    }
    if (random() % 2 == 0) std::ranges::reverse(groups);
    Bounds bounds;
    for (std::uint64_t bound = random() % 10; bounds.size() < random() % 12; bound += 1 + random() % 5000) {
      bounds.push_back(bound);
    }
    const GaugeHistogram histogram = Histogram(groups, bounds);
    bounds.push_back(std::numeric_limits<std::uint64_t>::max());
    ASSERT_EQ(histogram.buckets.size(), bounds.size());
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      std::uint64_t messages = 0;
      for (const PriorityGroup& group : groups) messages += group.value <= bounds[i] ? group.messages : 0;
      ASSERT_EQ(histogram.buckets[i], messages);
    }
  }
}

}  // namespace
}  // namespace mqueue::metrics
