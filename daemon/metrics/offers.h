#ifndef DAEMON_METRICS_OFFERS_H_
#define DAEMON_METRICS_OFFERS_H_

#include <string_view>

#include "daemon/metrics/format.h"

namespace mqueue::metrics {

/// A media type that /metrics can be had in.
struct Offer {
  Format format = Format::kText;
  std::string_view media_type;
  /// The media type's parameter `version`.
  std::string_view version;
  /// The exact Content-Type of the answer.
  std::string_view content_type;
};

/// Best first among those that a client likes equally: text for whoever accepts anything, since every tool reads it,
/// and so for whoever accepts none of them: a scraper that cannot read it says so better than a 406 would. Prometheus
/// asks for either version of OpenMetrics; what we write is valid in both.
inline constexpr Offer kOffers[] = {
    {Format::kText, "text/plain", "0.0.4", "text/plain; version=0.0.4; charset=utf-8"},
    {Format::kOpenMetrics, "application/openmetrics-text", "1.0.0",
     "application/openmetrics-text; version=1.0.0; charset=utf-8"},
    {Format::kOpenMetrics, "application/openmetrics-text", "0.0.1",
     "application/openmetrics-text; version=0.0.1; charset=utf-8"},
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_OFFERS_H_
