#include "daemon/os/process_status.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>

namespace mqueue::os {
namespace {

// Empty when the file cannot be read. Not with stream buffer iterators, which throw when a read fails.
std::string Read(const std::filesystem::path& path) {
  const std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The number at the start of `text`, after blanks.
std::optional<double> LeadingNumber(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return static_cast<double>(value);
}

// The number after `key` at the start of a line.
std::optional<double> NumberAfter(std::string_view key, std::string_view text) {
  while (!text.empty()) {
    if (text.starts_with(key)) return LeadingNumber(text.substr(key.size()));
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  return std::nullopt;
}

// A field of /proc/PID/stat, counted from 1 as in proc(5). The process chooses what is in the parentheses, so they are
// searched from the end.
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

}  // namespace

ProcessStatus ReadProcessStatus(const std::string& procfs) {
  const std::filesystem::path proc(procfs);
  const std::string stat = Read(proc / "self/stat");
  const std::string status = Read(proc / "self/status");
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return {.cpu_seconds = CpuSeconds(stat, ticks),
          .resident_bytes = KibibytesAfter("VmRSS:", status),
          .virtual_bytes = KibibytesAfter("VmSize:", status),
          .open_descriptors = CountEntries(proc / "self/fd"),
          .descriptor_limit = NumberAfter("Max open files", Read(proc / "self/limits")),
          .threads = NumberAfter("Threads:", status),
          .start_seconds = StartTime(stat, Read(proc / "stat"), ticks)};
}

}  // namespace mqueue::os
