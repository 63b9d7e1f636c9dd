#ifndef DAEMON_METRICS_SERIES_LIMITS_H_
#define DAEMON_METRICS_SERIES_LIMITS_H_

#include <cstddef>

namespace mqueue::metrics {

/// exact_priorities of the configuration: what bounds mqueue_priority_messages.
struct SeriesLimits {
  bool exact_priorities = false;
  /// Series of each queue; the ones that the next receives return come first.
  std::size_t max_priorities = 64;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_SERIES_LIMITS_H_
