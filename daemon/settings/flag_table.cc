#include "daemon/settings/flag_table.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "daemon/text/parse_number.h"
#include "daemon/text/url_path.h"

namespace mqueue::settings {
namespace {

constexpr std::pair<std::string_view, LogLevel> kLogLevels[] = {{"debug", LogLevel::kDebug},
                                                                {"info", LogLevel::kInfo},
                                                                {"warn", LogLevel::kWarn},
                                                                // What the lines themselves say.
                                                                {"warning", LogLevel::kWarn},
                                                                {"error", LogLevel::kError}};
constexpr std::pair<std::string_view, LogFormat> kLogFormats[] = {{"logfmt", LogFormat::kLogfmt},
                                                                  {"json", LogFormat::kJson}};

// Takes the value of that name; returns the names there are when it is none of them.
template <typename T>
std::string SetByName(std::string_view name, std::span<const std::pair<std::string_view, T>> values, T& into) {
  std::string names;
  for (const auto& [known, value] : values) {
    if (known == name) {
      into = value;
      return {};
    }
    names += (names.empty() ? "" : ", ") + std::string(known);
  }
  return "one of " + names;
}

std::string SetSwitch(std::string_view value, bool& into) {
  into = value == "true";
  return {};
}

std::string SetDirectory(std::string_view value, std::string& into) {
  if (!value.starts_with('/')) return "the absolute path of a directory";
  into = value;
  return {};
}

std::string SetConfigFile(std::string_view value, yaml::ConfigFile& into) {
  if (value.empty()) return "the path of a file";
  into = {.path = std::string(value), .required = true};
  return {};
}

std::string SetWebConfigFile(std::string_view value, std::string& into) {
  if (value.empty()) return "the path of a file";
  into = value;
  return {};
}

std::string SetMaxConnections(std::string_view value, std::uint32_t& into) {
  const auto number = ParseNumber<std::uint32_t>(value);
  if (!number || *number < 1 || *number > 65536) return "a whole number from 1 to 65536";
  into = *number;
  return {};
}

// Letters that stand in a path as they are, so that what is configured is what a request must say.
bool IsPathLetter(char c) {
  const bool alphanumeric = ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9');
  return alphanumeric || std::string_view("/-._~").find(c) != std::string_view::npos;
}

std::string SetTelemetryPath(std::string_view value, std::string& into) {
  if (!value.starts_with('/') || !std::ranges::all_of(value, IsPathLetter)) {
    return "a path that begins with / and has only letters, digits, - . _ ~ and /";
  }
  if (!IsNormalPath(value)) return "a path without an empty, . or .. segment, which clients change";
  if (value == "/-" || value.starts_with("/-/")) return "a path outside of /-/, where the exporter's own are";
  into = value;
  return {};
}

std::string AddListenAddress(std::string_view value, Flags& flags) {
  if (value.empty()) return "host:port, :port, [v6]:port, unix:/path or vsock://:port";
  if (std::ranges::find(flags.listen_addresses, value) != flags.listen_addresses.end()) return "each address once";
  flags.listen_addresses.emplace_back(value);
  return {};
}

constexpr FlagSpec kTable[] = {
    {"config.file", "PATH", "Configuration file.", kDefaultConfigPath,
     [](std::string_view value, Flags& flags) { return SetConfigFile(value, flags.config_file); }},
    {"config.check", "", "Check the configuration files and exit.", "",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.config_check); }},
    {"check-permissions", "",
     "Print which rights the exporter has, what it sees with them and how to grant more, and exit.", "",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.check_permissions); }},
    {"web.listen-address", "ADDRESS",
     "Where to serve: host:port, :port, [v6]:port, unix:/path or vsock://:port. Repeatable.", ":9992", AddListenAddress,
     true},
    {"web.systemd-socket", "", "Serve on the sockets of mqueue_exporter.socket instead.", "",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.systemd_socket); }},
    {"web.config.file", "PATH",
     "TLS, logins and rate limit, in the format of Prometheus's exporters. Read again when it changes.", "",
     [](std::string_view value, Flags& flags) { return SetWebConfigFile(value, flags.web_config_file); }},
    {"web.telemetry-path", "PATH", "Where the metrics are. / replaces the landing page.", "/metrics",
     [](std::string_view value, Flags& flags) { return SetTelemetryPath(value, flags.telemetry_path); }},
    {"web.enable-lifecycle", "", "Serve POST /-/reload.", "",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.enable_lifecycle); }},
    {"web.max-connections", "NUMBER", "Connections served at a time.", "512",
     [](std::string_view value, Flags& flags) { return SetMaxConnections(value, flags.max_connections); }},
    {"log.level", "LEVEL", "What to log: debug, info, warn (or warning) or error.", "info",
     [](std::string_view value, Flags& flags) { return SetByName<LogLevel>(value, kLogLevels, flags.log_level); }},
    {"log.format", "FORMAT", "How to log: logfmt or json.", "logfmt",
     [](std::string_view value, Flags& flags) { return SetByName<LogFormat>(value, kLogFormats, flags.log_format); }},
    {"sandbox", "",
     "Give up what is not needed and let the kernel hold the exporter to looking. --no-sandbox is for "
     "debugging only.",
     "on", [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.sandbox); }},
    {"path.procfs", "PATH", "Where procfs is mounted.", "/proc",
     [](std::string_view value, Flags& flags) { return SetDirectory(value, flags.procfs); }},
    {"path.mqueuefs", "PATH", "Where an mqueue file system is mounted, if it is not to be found or made.", "",
     [](std::string_view value, Flags& flags) { return SetDirectory(value, flags.mqueuefs); }},
    {"version", "", "Print the version and exit.", "",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.version); }},
    {"help", "", "Print this help and exit.", "",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.help); }},
};

template <typename T>
std::string_view NameOf(T value, std::span<const std::pair<std::string_view, T>> values) {
  return std::ranges::find(values, value, [](const auto& entry) { return entry.second; })->first;
}

}  // namespace

std::span<const FlagSpec> FlagTable() { return kTable; }

std::string_view ToString(LogLevel level) { return NameOf<LogLevel>(level, kLogLevels); }

std::string_view ToString(LogFormat format) { return NameOf<LogFormat>(format, kLogFormats); }

}  // namespace mqueue::settings
