#ifndef DAEMON_METRICS_METRIC_FAMILY_WRITER_H_
#define DAEMON_METRICS_METRIC_FAMILY_WRITER_H_

#include <prometheus/metric_family.h>

#include <span>

#include "daemon/metrics/exposition_writer.h"

namespace mqueue::metrics {

/// Appends families of prometheus-cpp's data model in the order given. They are gauges and counters without timestamps,
/// the only kinds that the exporter has there. A family without series is left out. Label values and help may be any
/// bytes.
void WriteMetricFamilies(std::span<const prometheus::MetricFamily> families, ExpositionWriter& writer);

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_METRIC_FAMILY_WRITER_H_
