#ifndef DAEMON_METRICS_METRIC_FAMILY_WRITER_H_
#define DAEMON_METRICS_METRIC_FAMILY_WRITER_H_

#include <prometheus/metric_family.h>

#include <span>
#include <string>

#include "daemon/metrics/format.h"

namespace mqueue::metrics {

/// Appends families of prometheus-cpp's data model, of any type, in the order given. A family without series is left
/// out; a histogram without a bucket for +Inf gets one; label values and help may be any bytes. For OpenMetrics the
/// caller appends the `# EOF`.
void WriteMetricFamilies(std::span<const prometheus::MetricFamily> families, Format format, std::string& out);

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_METRIC_FAMILY_WRITER_H_
