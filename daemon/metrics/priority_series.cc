#include "daemon/metrics/priority_series.h"

#include <algorithm>
#include <limits>
#include <string>

#include "daemon/metrics/number.h"

namespace mqueue::metrics {
namespace {

std::uint64_t MessagesUpTo(std::uint64_t bound, std::span<const PriorityGroup> groups) {
  std::uint64_t messages = 0;
  for (const PriorityGroup& group : groups) {
    if (group.value <= bound) messages += group.messages;
  }
  return messages;
}

// In floating point: types go up to LONG_MAX, and two of those exceed every integer.
double SumOfValues(std::span<const PriorityGroup> groups) {
  double sum = 0;
  for (const PriorityGroup& group : groups)
    sum += static_cast<double>(group.value) * static_cast<double>(group.messages);
  return sum;
}

void AddBucket(double bound, std::uint64_t messages, SeriesSink& sink) {
  std::string le;
  AppendCanonicalFloat(bound, le);
  const LabelPair extra[] = {{"le", le}};
  sink.Add("_bucket", extra, messages);
}

}  // namespace

void AddGaugeHistogram(std::span<const PriorityGroup> groups, std::span<const std::uint64_t> bounds, SeriesSink& sink) {
  const std::uint64_t all = MessagesUpTo(std::numeric_limits<std::uint64_t>::max(), groups);
  double last = -1;
  for (const std::uint64_t bound : bounds) {
    const auto le = static_cast<double>(bound);
    if (le != last) AddBucket(le, MessagesUpTo(bound, groups), sink);
    last = le;
  }
  AddBucket(std::numeric_limits<double>::infinity(), all, sink);
  sink.Add("_gcount", {}, all);
  sink.Add("_gsum", {}, SumOfValues(groups));
}

void AddPriorities(std::span<const PriorityGroup> groups, std::size_t max, SeriesSink& sink) {
  for (const PriorityGroup& group : groups.first(std::min(max, groups.size()))) {
    std::string priority;
    AppendInteger(group.value, priority);
    const LabelPair extra[] = {{"priority", priority}};
    sink.Add("", extra, group.messages);
  }
}

}  // namespace mqueue::metrics
