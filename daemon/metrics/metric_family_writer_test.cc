#include "daemon/metrics/metric_family_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace mqueue::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string Written(const MetricFamily& family, Format format) {
  std::string text;
  WriteMetricFamilies({&family, 1}, format, text);
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

TEST(WriteMetricFamilies, UntypedIsUnknownInOpenMetrics) {
  const MetricFamily family = Family(MetricType::Untyped, {.untyped = {std::numeric_limits<double>::quiet_NaN()}});
  EXPECT_EQ(Written(family, Format::kText), "# HELP x Help.\n# TYPE x untyped\nx NaN\n");
  EXPECT_EQ(Written(family, Format::kOpenMetrics), "# HELP x Help.\n# TYPE x unknown\nx NaN\n");
}

TEST(WriteMetricFamilies, SummaryHasCanonicalQuantiles) {
  const ClientMetric metric{.label = {{"a", "1"}},
                            .summary = {.sample_count = 3, .sample_sum = 1.5, .quantile = {{0.5, 0.25}, {1, 1}}}};
  EXPECT_EQ(
      Written(Family(MetricType::Summary, metric), Format::kOpenMetrics),
      "# HELP x Help.\n# TYPE x summary\n"
      "x{a=\"1\",quantile=\"0.5\"} 0.25\nx{a=\"1\",quantile=\"1.0\"} 1\nx_sum{a=\"1\"} 1.5\nx_count{a=\"1\"} 3\n");
}

TEST(WriteMetricFamilies, HistogramWithoutInfinityGetsIt) {
  const ClientMetric metric{.histogram = {.sample_count = 3, .sample_sum = 1.5, .bucket = {{2, 1.0}}}};
  EXPECT_EQ(
      Written(Family(MetricType::Histogram, metric), Format::kText),
      "# HELP x Help.\n# TYPE x histogram\nx_bucket{le=\"1.0\"} 2\nx_bucket{le=\"+Inf\"} 3\nx_sum 1.5\nx_count 3\n");
}

TEST(WriteMetricFamilies, HistogramWithInfinityHasItOnce) {
  const ClientMetric metric{.histogram = {.sample_count = 3, .bucket = {{3, std::numeric_limits<double>::infinity()}}}};
  EXPECT_EQ(Written(Family(MetricType::Histogram, metric), Format::kText),
            "# HELP x Help.\n# TYPE x histogram\nx_bucket{le=\"+Inf\"} 3\nx_sum 0\nx_count 3\n");
}

TEST(WriteMetricFamilies, TimestampIsMillisecondsInTextAndSecondsInOpenMetrics) {
  const MetricFamily family = Family(MetricType::Gauge, {.gauge = {1}, .timestamp_ms = 1'700'000'000'250});
  EXPECT_EQ(Written(family, Format::kText), "# HELP x Help.\n# TYPE x gauge\nx 1 1700000000250\n");
  EXPECT_EQ(Written(family, Format::kOpenMetrics), "# HELP x Help.\n# TYPE x gauge\nx 1 1700000000.25\n");
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
