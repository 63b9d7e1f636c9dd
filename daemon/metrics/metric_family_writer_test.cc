#include "daemon/metrics/metric_family_writer.h"

#include <gtest/gtest.h>

namespace mqueue::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string Written(const MetricFamily& family, Format format) {
  std::string text;
  ExpositionWriter writer(format, text);
  WriteMetricFamilies({&family, 1}, writer);
  return text;
}

MetricFamily Family(MetricType type, const ClientMetric& metric) { return {"x", "Help.", type, {metric}}; }

TEST(WriteMetricFamilies, GaugeHasItsLabels) {
  const ClientMetric metric{.label = {{"a", "1"}, {"b", "\n"}}, .gauge = {2.5}};
  EXPECT_EQ(Written(Family(MetricType::Gauge, metric), Format::kText),
            "# HELP x Help.\n# TYPE x gauge\nx{a=\"1\",b=\"\\n\"} 2.5\n");
}

TEST(WriteMetricFamilies, CounterSeriesHasOneNameInBothFormats) {
  MetricFamily family = Family(MetricType::Counter, {.counter = {7}});
  family.name = "x_total";
  EXPECT_EQ(Written(family, Format::kText), "# HELP x_total Help.\n# TYPE x_total counter\nx_total 7\n");
  EXPECT_EQ(Written(family, Format::kOpenMetrics), "# HELP x Help.\n# TYPE x counter\nx_total 7\n");
}

TEST(WriteMetricFamilies, HelpIsEscaped) {
  MetricFamily family = Family(MetricType::Gauge, {});
  family.help = "two\nlines \xFF";
  EXPECT_EQ(Written(family, Format::kText), "# HELP x two\\nlines \\\\xff\n# TYPE x gauge\nx 0\n");
}

TEST(WriteMetricFamilies, FamilyWithoutSeriesIsLeftOut) {
  EXPECT_EQ(Written({"x", "Help.", MetricType::Gauge, {}}, Format::kText), "");
}

}  // namespace
}  // namespace mqueue::metrics
