#ifndef DAEMON_METRICS_GAUGE_HISTOGRAM_H_
#define DAEMON_METRICS_GAUGE_HISTOGRAM_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "daemon/queue/queue_snapshot.h"

namespace mqueue::metrics {

/// The upper bounds of a gauge histogram, and the labels of its buckets as text.
class BucketBounds {
 public:
  /// `bounds` is strictly increasing. Of bounds that are the same double, and so the same `le`, only the first is kept.
  explicit BucketBounds(std::span<const std::uint64_t> bounds);

  std::span<const std::uint64_t> values() const { return values_; }
  /// `le="1.0"` for each bound, then `le="+Inf"`.
  std::span<const std::string> labels() const { return labels_; }

 private:
  std::vector<std::uint64_t> values_;
  std::vector<std::string> labels_;
};

/// The messages of one queue by priority or type.
struct GaugeHistogram {
  /// Messages up to each bound, then all messages.
  std::vector<std::uint64_t> buckets;
  /// The sum of the priorities or types of all messages.
  double sum = 0;

  /// Replaces the contents; the memory is used again. `groups` is sorted by value, in either direction.
  void Assign(std::span<const PriorityGroup> groups, std::span<const std::uint64_t> bounds);
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_GAUGE_HISTOGRAM_H_
