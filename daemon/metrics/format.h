#ifndef DAEMON_METRICS_FORMAT_H_
#define DAEMON_METRICS_FORMAT_H_

#include <cstdint>

namespace mqueue::metrics {

/// The two expositions. Both carry the same series with the same values; they differ in what describes them.
enum class Format : std::uint8_t {
  kText,         ///< Prometheus text format 0.0.4
  kOpenMetrics,  ///< OpenMetrics 1.0.0
};

inline constexpr Format kFormats[] = {Format::kText, Format::kOpenMetrics};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_FORMAT_H_
