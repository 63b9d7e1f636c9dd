#include "daemon/metrics/gauge_histogram.h"

#include <cstddef>
#include <limits>
#include <numeric>

#include "daemon/metrics/number.h"

namespace mqueue::metrics {
namespace {

std::string LabelOf(double bound) {
  std::string label = "le=\"";
  AppendCanonicalFloat(bound, label);
  return label + '"';
}

}  // namespace

BucketBounds::BucketBounds(std::span<const std::uint64_t> bounds) {
  double last = -1;
  for (const std::uint64_t bound : bounds) {
    const auto le = static_cast<double>(bound);
    if (le == last) continue;
    values_.push_back(bound);
    labels_.push_back(LabelOf(le));
    last = le;
  }
  labels_.push_back(LabelOf(std::numeric_limits<double>::infinity()));
}

void GaugeHistogram::Assign(std::span<const PriorityGroup> groups, std::span<const std::uint64_t> bounds) {
  buckets.assign(bounds.size() + 1, 0);
  sum = 0;
  const bool descending = !groups.empty() && groups.front().value > groups.back().value;
  std::size_t bucket = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const PriorityGroup& group = groups[descending ? groups.size() - 1 - i : i];
    while (bucket < bounds.size() && bounds[bucket] < group.value) ++bucket;
    buckets[bucket] += group.messages;
    // In floating point: types go up to LONG_MAX, and two of those exceed every integer.
    sum += static_cast<double>(group.value) * static_cast<double>(group.messages);
  }
  std::partial_sum(buckets.begin(), buckets.end(), buckets.begin());
}

}  // namespace mqueue::metrics
