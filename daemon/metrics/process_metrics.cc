#include "daemon/metrics/process_metrics.h"

#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mqueue::metrics {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

// Empty when the file cannot be read. Not with stream buffer iterators, which throw when a read fails.
std::string Read(const std::filesystem::path& path) {
  const std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The number at the start of `text`, behind blanks.
std::optional<double> LeadingNumber(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return static_cast<double>(value);
}

// The number behind `key` at the start of a line.
std::optional<double> NumberAfter(std::string_view key, std::string_view text) {
  while (!text.empty()) {
    if (text.starts_with(key)) return LeadingNumber(text.substr(key.size()));
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  return std::nullopt;
}

// A field of /proc/PID/stat, counted from 1 as in proc(5). What stands in parentheses is the process's own choice.
std::optional<double> StatField(std::size_t number, std::string_view stat) {
  constexpr std::size_t kLastInParentheses = 2;
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  stat.remove_prefix(name_end);
  for (std::size_t field = kLastInParentheses; field < number; ++field) {
    const std::size_t blank = stat.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    stat.remove_prefix(blank + 1);
  }
  return LeadingNumber(stat);
}

std::optional<double> CountEntries(const std::filesystem::path& directory) {
  std::error_code error;
  double entries = 0;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    ++entries;
  }
  if (error) return std::nullopt;
  return entries;
}

std::optional<double> CpuSeconds(std::string_view stat, double ticks) {
  constexpr std::size_t kUserTime = 14;
  constexpr std::size_t kSystemTime = 15;
  const auto user = StatField(kUserTime, stat);
  const auto system = StatField(kSystemTime, stat);
  if (!user || !system) return std::nullopt;
  return (*user + *system) / ticks;
}

std::optional<double> StartTime(std::string_view stat, std::string_view system_stat, double ticks) {
  constexpr std::size_t kStartTime = 22;
  const auto since_boot = StatField(kStartTime, stat);
  const auto boot = NumberAfter("btime ", system_stat);
  if (!since_boot || !boot) return std::nullopt;
  return *boot + *since_boot / ticks;
}

std::optional<double> KibibytesAfter(std::string_view key, std::string_view status) {
  constexpr double kKibibyte = 1024;
  return NumberAfter(key, status).transform([](double value) { return value * kKibibyte; });
}

void Add(std::string name, std::string help, MetricType type, std::optional<double> value,
         std::vector<MetricFamily>& families) {
  if (!value) return;
  prometheus::ClientMetric metric;
  metric.counter.value = metric.gauge.value = *value;
  families.push_back({std::move(name), std::move(help), type, {std::move(metric)}});
}

}  // namespace

ProcessMetrics::ProcessMetrics(std::filesystem::path proc) : proc_(std::move(proc)) {}

std::vector<MetricFamily> ProcessMetrics::Collect() const {
  const std::string stat = Read(proc_ / "self/stat");
  const std::string status = Read(proc_ / "self/status");
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::vector<MetricFamily> families;
  Add("process_cpu_seconds_total", "User and system CPU time spent (utime and stime of /proc/self/stat).",
      MetricType::Counter, CpuSeconds(stat, ticks), families);
  Add("process_resident_memory_bytes", "Resident memory (VmRSS of /proc/self/status).", MetricType::Gauge,
      KibibytesAfter("VmRSS:", status), families);
  Add("process_virtual_memory_bytes", "Virtual memory (VmSize of /proc/self/status).", MetricType::Gauge,
      KibibytesAfter("VmSize:", status), families);
  Add("process_open_fds", "Open file descriptors, the one that counts them included (/proc/self/fd).",
      MetricType::Gauge, CountEntries(proc_ / "self/fd"), families);
  Add("process_max_fds", "Limit of open file descriptors (Max open files of /proc/self/limits).", MetricType::Gauge,
      NumberAfter("Max open files", Read(proc_ / "self/limits")), families);
  Add("process_threads", "Threads (/proc/self/status).", MetricType::Gauge, NumberAfter("Threads:", status), families);
  Add("process_start_time_seconds", "When the process started, Unix time (/proc/self/stat and btime of /proc/stat).",
      MetricType::Gauge, StartTime(stat, Read(proc_ / "stat"), ticks), families);
  return families;
}

}  // namespace mqueue::metrics
