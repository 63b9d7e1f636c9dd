#ifndef DAEMON_METRICS_QUEUE_FAMILIES_H_
#define DAEMON_METRICS_QUEUE_FAMILIES_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/metrics/series.h"
#include "daemon/queue/round.h"

namespace mqueue::metrics {

/// One family of which a queue can have series.
struct QueueFamily {
  std::string_view name;
  /// Says where the value comes from.
  std::string_view help;
  FamilyType type = FamilyType::kGauge;
  /// Gives the sink what `state` has in this family: nothing if its look failed or its reader cannot know. Null for a
  /// gauge histogram.
  void (*collect)(const QueueState& state, const RoundSettings& settings, SeriesSink& sink) = nullptr;
  /// For a gauge histogram: the messages that it shows, or null if `state` has none in this family.
  const std::vector<PriorityGroup>* (*groups)(const QueueState& state) = nullptr;
};

/// Every per-queue family, in the order of the exposition.
std::span<const QueueFamily> QueueFamilies();

/// Series of mqueue_priority_messages that `settings` keep out of the exposition, for one queue.
std::uint64_t DroppedSeries(const QueueState& state, const RoundSettings& settings);

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_QUEUE_FAMILIES_H_
