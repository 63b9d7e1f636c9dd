#include "daemon/metrics/process_metrics.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

namespace mqueue::metrics {
namespace {

std::map<std::string, double> Values(const ProcessMetrics& process) {
  std::map<std::string, double> values;
  for (const prometheus::MetricFamily& family : process.Collect()) {
    const prometheus::ClientMetric& metric = family.metric.at(0);
    values[family.name] = family.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value;
  }
  return values;
}

TEST(ProcessMetrics, ReadsTheFilesOfProc) {
  const std::map<std::string, double> expected = {
      {"process_cpu_seconds_total", 2.25},
      {"process_resident_memory_bytes", 9324.0 * 1024},
      {"process_virtual_memory_bytes", 264768.0 * 1024},
      {"process_open_fds", 4},
      {"process_max_fds", 1024},
      {"process_threads", 3},
      {"process_start_time_seconds", 1763691200.5},
  };
  EXPECT_EQ(Values(ProcessMetrics("daemon/metrics/testdata/proc")), expected);
}

TEST(ProcessMetrics, WhatCannotBeReadIsLeftOut) {
  EXPECT_TRUE(ProcessMetrics("daemon/metrics/testdata/absent").Collect().empty());
}

TEST(ProcessMetrics, FileThatOpensButCannotBeReadIsLeftOut) {
  const std::filesystem::path proc = std::filesystem::path(::testing::TempDir()) / "proc";
  // A directory opens as a file does; reading it fails.
  std::filesystem::create_directories(proc / "self/stat");
  EXPECT_TRUE(ProcessMetrics(proc).Collect().empty());
}

TEST(ProcessMetrics, TheRealProcHasThemAll) {
  const auto values = Values(ProcessMetrics());
  EXPECT_EQ(values.size(), 7U);
  EXPECT_GT(values.at("process_resident_memory_bytes"), 0);
  EXPECT_LE(values.at("process_open_fds"), values.at("process_max_fds"));
}

}  // namespace
}  // namespace mqueue::metrics
