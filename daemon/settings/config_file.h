#ifndef DAEMON_SETTINGS_CONFIG_FILE_H_
#define DAEMON_SETTINGS_CONFIG_FILE_H_

#include <cstddef>
#include <expected>
#include <string>

namespace mqueue::settings {

inline constexpr char kDefaultConfigPath[] = "/etc/mqueue_exporter/mqueue_exporter.yml";

/// Which file to load.
struct ConfigFile {
  std::string path = kDefaultConfigPath;
  /// Whether somebody asked for this file: its absence is then an error, while without the default file the defaults
  /// serve.
  bool required = false;
};

/// A file of more bytes is refused: a real one has a few thousand.
inline constexpr std::size_t kMaxConfigBytes = 1 << 20;

/// The bytes of the file; none when it is absent and not required. Only a regular file is read, so that a FIFO or a
/// device cannot hold the daemon up. Failure: one line without a newline that begins with the path.
std::expected<std::string, std::string> ReadConfigFile(const ConfigFile& file);

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_CONFIG_FILE_H_
