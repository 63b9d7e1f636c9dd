#include "daemon/metrics/metric_family_writer.h"

#include <string>

namespace mqueue::metrics {

void WriteMetricFamilies(std::span<const prometheus::MetricFamily> families, ExpositionWriter& writer) {
  for (const prometheus::MetricFamily& family : families) {
    if (family.metric.empty()) continue;
    const bool counts = family.type == prometheus::MetricType::Counter;
    writer.BeginFamily(family.name, family.help, counts ? FamilyType::kCounter : FamilyType::kGauge);
    for (const prometheus::ClientMetric& metric : family.metric) {
      std::string labels;
      for (const auto& label : metric.label) AppendLabel(label.name, label.value, labels);
      writer.Series(family.name, labels, {}, counts ? metric.counter.value : metric.gauge.value);
    }
  }
}

}  // namespace mqueue::metrics
