#include "daemon/metrics/queue_families.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mqueue::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

/// Keeps what it gets as text: "priority=9".
class RecordingSink final : public SeriesSink {
 public:
  void Add(std::span<const LabelPair> extra, const SampleValue& value) override {
    std::string text;
    for (const LabelPair& label : extra) text.append(label.name).append("=").append(label.value);
    series.emplace_back(std::move(text), std::get<std::uint64_t>(value));
  }

  std::vector<std::pair<std::string, std::uint64_t>> series;
};

QueueState WithGroups(std::vector<PriorityGroup> groups) {
  return {.queue = {.ref = {.name = "/a"}, .policy = std::make_shared<QueuePolicy>()},
          .look = QueueSnapshot{.groups = std::move(groups)}};
}

std::vector<std::pair<std::string, std::uint64_t>> Priorities(const QueueState& state, const RoundSettings& settings) {
  const auto families = QueueFamilies();
  const auto family = std::ranges::find(families, "mqueue_priority_messages", &QueueFamily::name);
  RecordingSink sink;
  family->collect(state, settings, sink);
  return sink.series;
}

TEST(QueueFamilies, EachHasOneSourceOfItsType) {
  for (const QueueFamily& family : QueueFamilies()) {
    EXPECT_EQ(family.groups != nullptr, family.type == FamilyType::kGaugeHistogram) << family.name;
    EXPECT_NE(family.groups != nullptr, family.collect != nullptr) << family.name;
    EXPECT_EQ(family.name.ends_with("_total"), family.type == FamilyType::kCounter) << family.name;
  }
}

TEST(QueueFamilies, FirstPrioritiesAreKeptAndTheRestCounted) {
  const QueueState state = WithGroups({{9, 2}, {5, 1}, {0, 7}});
  const RoundSettings settings{.exact_priorities = true, .max_priorities = 2};
  EXPECT_THAT(Priorities(state, settings), ElementsAre(Pair("priority=9", 2), Pair("priority=5", 1)));
  EXPECT_EQ(DroppedSeries(state, settings), 1U);
}

TEST(QueueFamilies, LimitAboveTheNumberKeepsAllPriorities) {
  const QueueState state = WithGroups({{9, 2}});
  const RoundSettings settings{.exact_priorities = true, .max_priorities = 64};
  EXPECT_EQ(Priorities(state, settings).size(), 1U);
  EXPECT_EQ(DroppedSeries(state, settings), 0U);
}

TEST(QueueFamilies, PrioritiesAreOptIn) {
  const QueueState state = WithGroups({{9, 2}});
  EXPECT_TRUE(Priorities(state, {}).empty());
  EXPECT_EQ(DroppedSeries(state, {}), 0U);
}

}  // namespace
}  // namespace mqueue::metrics
