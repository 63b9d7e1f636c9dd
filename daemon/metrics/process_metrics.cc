#include "daemon/metrics/process_metrics.h"

#include <optional>
#include <string>
#include <utility>

#include "daemon/os/process_status.h"

namespace mqueue::metrics {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

void Add(std::string name, std::string help, MetricType type, std::optional<double> value,
         std::vector<MetricFamily>& families) {
  if (!value) return;
  prometheus::ClientMetric metric;
  metric.counter.value = metric.gauge.value = *value;
  families.push_back({std::move(name), std::move(help), type, {std::move(metric)}});
}

}  // namespace

ProcessMetrics::ProcessMetrics(std::string procfs) : procfs_(std::move(procfs)) {}

std::vector<MetricFamily> ProcessMetrics::Collect() const {
  const os::ProcessStatus status = os::ReadProcessStatus(procfs_);
  std::vector<MetricFamily> families;
  Add("process_cpu_seconds_total", "User and system CPU time spent (utime and stime of /proc/self/stat).",
      MetricType::Counter, status.cpu_seconds, families);
  Add("process_resident_memory_bytes", "Resident memory (VmRSS of /proc/self/status).", MetricType::Gauge,
      status.resident_bytes, families);
  Add("process_virtual_memory_bytes", "Virtual memory (VmSize of /proc/self/status).", MetricType::Gauge,
      status.virtual_bytes, families);
  Add("process_open_fds", "Open file descriptors, the one that counts them included (/proc/self/fd).",
      MetricType::Gauge, status.open_descriptors, families);
  Add("process_max_fds", "Limit of open file descriptors (Max open files of /proc/self/limits).", MetricType::Gauge,
      status.descriptor_limit, families);
  Add("process_threads", "Threads (/proc/self/status).", MetricType::Gauge, status.threads, families);
  Add("process_start_time_seconds", "When the process started, Unix time (/proc/self/stat and btime of /proc/stat).",
      MetricType::Gauge, status.start_seconds, families);
  return families;
}

}  // namespace mqueue::metrics
