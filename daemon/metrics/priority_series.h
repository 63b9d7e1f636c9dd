#ifndef DAEMON_METRICS_PRIORITY_SERIES_H_
#define DAEMON_METRICS_PRIORITY_SERIES_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/metrics/series.h"
#include "daemon/queue/queue_snapshot.h"

namespace mqueue::metrics {

/// The gauge histogram of messages by priority or type: `_bucket{le}`, cumulative and with +Inf at the end, then
/// `_gcount` and `_gsum`, the sum of the priorities. `bounds` is strictly increasing, `groups` in any order. Of bounds
/// that a double cannot tell apart, and that would thus be one `le`, only the first is written.
void AddGaugeHistogram(std::span<const PriorityGroup> groups, std::span<const std::uint64_t> bounds, SeriesSink& sink);

/// One series {priority} for each of the first `max` groups.
void AddPriorities(std::span<const PriorityGroup> groups, std::size_t max, SeriesSink& sink);

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_PRIORITY_SERIES_H_
