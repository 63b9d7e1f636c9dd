#include "daemon/metrics/exposition_writer.h"

#include <gtest/gtest.h>

namespace mqueue::metrics {
namespace {

std::string Begun(Format format, std::string_view name, FamilyType type) {
  std::string text;
  ExpositionWriter(format, text).BeginFamily(name, "Help.", type);
  return text;
}

TEST(ExpositionWriter, CounterFamilyLosesItsTotalInOpenMetrics) {
  EXPECT_EQ(Begun(Format::kText, "looks_total", FamilyType::kCounter),
            "# HELP looks_total Help.\n# TYPE looks_total counter\n");
  EXPECT_EQ(Begun(Format::kOpenMetrics, "looks_total", FamilyType::kCounter),
            "# HELP looks Help.\n# TYPE looks counter\n");
}

TEST(ExpositionWriter, GaugeHistogramIsUntypedInText) {
  EXPECT_EQ(Begun(Format::kText, "x", FamilyType::kGaugeHistogram), "# HELP x Help.\n# TYPE x untyped\n");
  EXPECT_EQ(Begun(Format::kOpenMetrics, "x", FamilyType::kGaugeHistogram), "# HELP x Help.\n# TYPE x gaugehistogram\n");
}

TEST(ExpositionWriter, OpenMetricsNamesTheUnitWhereTheNameEndsInIt) {
  EXPECT_EQ(Begun(Format::kOpenMetrics, "cpu_seconds_total", FamilyType::kCounter),
            "# HELP cpu_seconds Help.\n# TYPE cpu_seconds counter\n# UNIT cpu_seconds seconds\n");
  EXPECT_EQ(Begun(Format::kOpenMetrics, "mqueue_bytes", FamilyType::kGauge),
            "# HELP mqueue_bytes Help.\n# TYPE mqueue_bytes gauge\n# UNIT mqueue_bytes bytes\n");
  EXPECT_EQ(Begun(Format::kOpenMetrics, "kilobytes", FamilyType::kGauge),
            "# HELP kilobytes Help.\n# TYPE kilobytes gauge\n");
}

TEST(ExpositionWriter, SeriesHasTheQueuesLabelsAndThenItsOwn) {
  std::string labels;
  AppendLabel("ipc", "posix", labels);
  AppendLabel("queue", "/a\"b", labels);
  const LabelPair extra[] = {{"le", "1.0"}};
  std::string text;
  ExpositionWriter writer(Format::kText, text);
  writer.Series("x_bucket", labels, extra, std::uint64_t{3});
  writer.Series("x", "", extra, 0.5);
  writer.Series("x", "", {}, std::chrono::milliseconds(1500));
  writer.Series("x", labels, {}, std::uint64_t{0});
  EXPECT_EQ(text,
            "x_bucket{ipc=\"posix\",queue=\"/a\\\"b\",le=\"1.0\"} 3\nx{le=\"1.0\"} 0.5\nx 1.5\n"
            "x{ipc=\"posix\",queue=\"/a\\\"b\"} 0\n");
}

TEST(ExpositionWriter, ExtraLabelsAreEscaped) {
  const LabelPair extra[] = {{"a", "\n"}, {"b", "1"}};
  std::string text;
  AppendSeries("x", "", extra, std::uint64_t{3}, text);
  EXPECT_EQ(text, "x{a=\"\\n\",b=\"1\"} 3\n");
}

TEST(ExpositionWriter, OnlyOpenMetricsEndsWithEof) {
  std::string text, open_metrics;
  ExpositionWriter(Format::kText, text).End();
  ExpositionWriter(Format::kOpenMetrics, open_metrics).End();
  EXPECT_EQ(text, "");
  EXPECT_EQ(open_metrics, "# EOF\n");
}

}  // namespace
}  // namespace mqueue::metrics
