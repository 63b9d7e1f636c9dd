#ifndef DAEMON_METRICS_SERIES_H_
#define DAEMON_METRICS_SERIES_H_

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace mqueue::metrics {

/// A count, a time in seconds that is written to the nanosecond, or what only floating point can hold.
using SampleValue = std::variant<std::uint64_t, std::chrono::nanoseconds, double>;

struct LabelPair {
  std::string_view name;
  /// Valid UTF-8, not yet escaped.
  std::string_view value;
};

enum class FamilyType : std::uint8_t { kGauge, kCounter, kGaugeHistogram };

/// Takes the series that one queue has in one family.
class SeriesSink {
 public:
  virtual ~SeriesSink() = default;

  /// `extra` follows the queue's own labels. The views are used during the call only.
  virtual void Add(std::span<const LabelPair> extra, const SampleValue& value) = 0;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_SERIES_H_
