#include "daemon/settings/flag_table.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "daemon/text/parse_number.h"
#include "daemon/text/url_path.h"

namespace mqueue::settings {
namespace {

constexpr std::pair<std::string_view, log::Level> kLogLevels[] = {{"debug", log::Level::kDebug},
                                                                  {"info", log::Level::kInfo},
                                                                  {"warn", log::Level::kWarn},
                                                                  // What the lines themselves say.
                                                                  {"warning", log::Level::kWarn},
                                                                  {"error", log::Level::kError}};
constexpr std::pair<std::string_view, log::Format> kLogFormats[] = {{"logfmt", log::Format::kLogfmt},
                                                                    {"json", log::Format::kJson}};

// Stores the value with that name; if there is none, returns all names.
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

template <typename T>
std::string NameOf(T value, std::span<const std::pair<std::string_view, T>> values) {
  return std::string(std::ranges::find(values, value, [](const auto& entry) { return entry.second; })->first);
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
    {"config.file", "PATH", "Configuration file.",
     [](std::string_view value, Flags& flags) { return SetConfigFile(value, flags.config_file); },
     [](const Flags& defaults) { return defaults.config_file.path; }},
    {"config.check", "", "Check the configuration files and exit.",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.config_check); }},
    {"check-permissions", "",
     "Print which rights the exporter has, what it sees with them and how to grant more, and exit.",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.check_permissions); }},
    {"web.listen-address", "ADDRESS",
     "Where to serve: host:port, :port, [v6]:port, unix:/path or vsock://:port. Repeatable.", AddListenAddress,
     [](const Flags& defaults) { return defaults.listen_addresses.front(); }, true},
    {"web.systemd-socket", "", "Serve on the sockets of mqueue_exporter.socket instead.",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.systemd_socket); }},
    {"web.config.file", "PATH",
     "TLS, logins and rate limit, in the format of Prometheus's exporters. Read again when it changes.",
     [](std::string_view value, Flags& flags) { return SetWebConfigFile(value, flags.web_config_file); }},
    {"web.telemetry-path", "PATH", "Where the metrics are. / replaces the landing page.",
     [](std::string_view value, Flags& flags) { return SetTelemetryPath(value, flags.telemetry_path); },
     [](const Flags& defaults) { return defaults.telemetry_path; }},
    {"web.enable-lifecycle", "", "Serve POST /-/reload.",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.enable_lifecycle); }},
    {"web.max-connections", "NUMBER", "Connections served at a time.",
     [](std::string_view value, Flags& flags) { return SetMaxConnections(value, flags.max_connections); },
     [](const Flags& defaults) { return std::to_string(defaults.max_connections); }},
    {"log.level", "LEVEL", "What to log: debug, info, warn (or warning) or error.",
     [](std::string_view value, Flags& flags) { return SetByName<log::Level>(value, kLogLevels, flags.log_level); },
     [](const Flags& defaults) { return NameOf<log::Level>(defaults.log_level, kLogLevels); }},
    {"log.format", "FORMAT", "How to log: logfmt or json.",
     [](std::string_view value, Flags& flags) { return SetByName<log::Format>(value, kLogFormats, flags.log_format); },
     [](const Flags& defaults) { return NameOf<log::Format>(defaults.log_format, kLogFormats); }},
    {"sandbox", "",
     "Give up what is not needed and let the kernel hold the exporter to looking. --no-sandbox is for "
     "debugging only.",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.sandbox); },
     [](const Flags& defaults) { return std::string(defaults.sandbox ? "on" : "off"); }},
    {"path.procfs", "PATH", "Where procfs is mounted.",
     [](std::string_view value, Flags& flags) { return SetDirectory(value, flags.procfs); },
     [](const Flags& defaults) { return defaults.procfs; }},
    {"path.mqueuefs", "PATH", "Where an mqueue file system is mounted, if it is not to be found or made.",
     [](std::string_view value, Flags& flags) { return SetDirectory(value, flags.mqueuefs); }},
    {"version", "", "Print the version and exit.",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.version); }},
    {"help", "", "Print this help and exit.",
     [](std::string_view value, Flags& flags) { return SetSwitch(value, flags.help); }},
};

}  // namespace

std::span<const FlagSpec> FlagTable() { return kTable; }

}  // namespace mqueue::settings
