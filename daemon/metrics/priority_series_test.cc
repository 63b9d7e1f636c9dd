#include "daemon/metrics/priority_series.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace mqueue::metrics {
namespace {

/// Keeps what it gets as text: "_bucket le=1.0 3".
class RecordingSink final : public SeriesSink {
 public:
  void Add(std::string_view suffix, std::span<const LabelPair> extra, const SampleValue& value) override {
    std::string text(suffix);
    for (const LabelPair& label : extra) text.append(" ").append(label.name).append("=").append(label.value);
    series.emplace_back(std::move(text), value);
  }

  std::vector<std::pair<std::string, SampleValue>> series;
};

using Series = std::vector<std::pair<std::string, SampleValue>>;

Series Histogram(const std::vector<PriorityGroup>& groups, const std::vector<std::uint64_t>& bounds) {
  RecordingSink sink;
  AddGaugeHistogram(groups, bounds, sink);
  return sink.series;
}

SampleValue Count(std::uint64_t value) { return value; }

TEST(AddGaugeHistogram, BucketsAreCumulativeAndBoundsInclusive) {
  const Series expected = {{"_bucket le=0.0", Count(1)},  {"_bucket le=9.0", Count(3)},
                           {"_bucket le=31.0", Count(6)}, {"_bucket le=+Inf", Count(10)},
                           {"_gcount", Count(10)},        {"_gsum", 0.0 + 18 + 30 + 128}};
  EXPECT_EQ(Histogram({{32, 4}, {10, 3}, {9, 2}, {0, 1}}, {0, 9, 31}), expected);
}

TEST(AddGaugeHistogram, EmptyQueueHasAllBucketsAtZero) {
  const Series expected = {
      {"_bucket le=7.0", Count(0)}, {"_bucket le=+Inf", Count(0)}, {"_gcount", Count(0)}, {"_gsum", 0.0}};
  EXPECT_EQ(Histogram({}, {7}), expected);
}

TEST(AddGaugeHistogram, WithoutBoundsInfinityRemains) {
  const Series expected = {{"_bucket le=+Inf", Count(2)}, {"_gcount", Count(2)}, {"_gsum", 6.0}};
  EXPECT_EQ(Histogram({{3, 2}}, {}), expected);
}

TEST(AddGaugeHistogram, SumOfHugeTypesDoesNotOverflow) {
  constexpr std::uint64_t kLargestType = std::numeric_limits<std::int64_t>::max();
  const Series series = Histogram({{kLargestType, 4}}, {});
  EXPECT_EQ(std::get<double>(series.back().second), 36893488147419103232.0);
}

TEST(AddGaugeHistogram, BoundsThatADoubleCannotTellApartAreOneBucket) {
  constexpr std::uint64_t kExact = std::uint64_t{1} << 60;
  const Series series = Histogram({{1, 5}}, {kExact, kExact + 1});
  EXPECT_EQ(series.size(), 4U);
}

TEST(AddGaugeHistogram, NeverDecreasesAndEndsWithTheCount) {
  std::mt19937_64 random(20261121);
  for (int round = 0; round < 1000; ++round) {
    std::vector<PriorityGroup> groups(random() % 20);
    for (PriorityGroup& group : groups) group = {.value = random() % 32768, .messages = random() % 100};
    std::vector<std::uint64_t> bounds;
    for (std::uint64_t bound = random() % 10; bounds.size() < random() % 12; bound += 1 + random() % 5000) {
      bounds.push_back(bound);
    }
    const Series series = Histogram(groups, bounds);
    ASSERT_EQ(series.size(), bounds.size() + 3);
    for (std::size_t i = 1; i <= bounds.size(); ++i) {
      ASSERT_LE(std::get<std::uint64_t>(series[i - 1].second), std::get<std::uint64_t>(series[i].second));
    }
    ASSERT_EQ(series[bounds.size()].second, series[bounds.size() + 1].second);
  }
}

TEST(AddPriorities, FirstGroupsAreKept) {
  RecordingSink sink;
  const std::vector<PriorityGroup> groups = {{9, 2}, {5, 1}, {0, 7}};
  AddPriorities(groups, 2, sink);
  const Series expected = {{" priority=9", Count(2)}, {" priority=5", Count(1)}};
  EXPECT_EQ(sink.series, expected);
}

TEST(AddPriorities, CapAboveTheNumberKeepsAll) {
  RecordingSink sink;
  const std::vector<PriorityGroup> groups = {{9, 2}};
  AddPriorities(groups, 64, sink);
  EXPECT_EQ(sink.series.size(), 1U);
}

}  // namespace
}  // namespace mqueue::metrics
