#ifndef DAEMON_SETTINGS_FLAGS_H_
#define DAEMON_SETTINGS_FLAGS_H_

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/log/level.h"
#include "daemon/yaml/config_file.h"

namespace mqueue::settings {

inline constexpr char kDefaultConfigPath[] = "/etc/mqueue_exporter/mqueue_exporter.yml";

/// What the command line says; the members' values are the flags' defaults.
struct Flags {
  /// --config.file
  yaml::ConfigFile config_file{.path = kDefaultConfigPath};
  /// --web.listen-address: "host:port", ":port", "[v6]:port", "unix:/path" or "vsock://:port", at least one, no two the
  /// same. Whether an address can be bound is for the one who binds it to say.
  std::vector<std::string> listen_addresses{":9992"};
  /// --web.systemd-socket: whether to serve on what the service manager hands over, and not on `listen_addresses`.
  bool systemd_socket = false;
  /// --web.telemetry-path: begins with a slash, has no empty, "." or ".." segment and is not below "/-/". "/" replaces
  /// the landing page.
  std::string telemetry_path = "/metrics";
  /// --web.config.file: TLS, logins and the like; empty: none.
  std::string web_config_file;
  /// --web.enable-lifecycle: whether POST /-/reload is served.
  bool enable_lifecycle = false;
  /// --web.max-connections, 1 to 65536.
  std::uint32_t max_connections = 512;
  log::Level log_level = log::Level::kInfo;
  log::Format log_format = log::Format::kLogfmt;
  /// --path.procfs
  std::string procfs = "/proc";
  /// --path.mqueuefs; empty: the one that is mounted, else a detached mount.
  std::string mqueuefs;
  /// --sandbox: whether rights are given up and system calls confined.
  bool sandbox = true;
  /// --config.check, --check-permissions, --version, --help: do that and exit.
  bool config_check = false;
  bool check_permissions = false;
  bool version = false;
  bool help = false;
};

/// Reads the command line, without the program's name. `--help` and `--version` end the reading: what stands behind
/// them is not looked at. Failure: one line without a newline that names the argument and says what would be right.
std::expected<Flags, std::string> ParseFlags(std::span<const char* const> arguments);

/// The --log.format that the command line asks for, for reporting an error of ParseFlags in that format: other
/// arguments may be wrong. The default if it asks for none, or for a format that does not exist.
log::Format RequestedLogFormat(std::span<const char* const> arguments);

/// What --help prints: usage and one entry a flag, ending in a newline.
std::string HelpText();

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_FLAGS_H_
