#include "daemon/metrics/process_metrics.h"

#include <gtest/gtest.h>

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

TEST(ProcessMetrics, EveryMetricHasItsValue) {
  const std::map<std::string, double> expected = {
      {"process_cpu_seconds_total", 2.25},
      {"process_resident_memory_bytes", 9324.0 * 1024},
      {"process_virtual_memory_bytes", 264768.0 * 1024},
      {"process_open_fds", 4},
      {"process_max_fds", 1024},
      {"process_threads", 3},
      {"process_start_time_seconds", 1763691200.5},
  };
  EXPECT_EQ(Values(ProcessMetrics("daemon/os/testdata/proc")), expected);
}

TEST(ProcessMetrics, WhatCannotBeReadIsLeftOut) {
  EXPECT_TRUE(ProcessMetrics("daemon/os/testdata/absent").Collect().empty());
}

}  // namespace
}  // namespace mqueue::metrics
