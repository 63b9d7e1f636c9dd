#ifndef DAEMON_YAML_CONFIG_FILE_H_
#define DAEMON_YAML_CONFIG_FILE_H_

#include <chrono>
#include <cstddef>
#include <expected>
#include <string>

namespace mqueue::yaml {

/// Which file to load.
struct ConfigFile {
  std::string path;
  /// Whether it is an error that the file does not exist. Otherwise it then reads as an empty file.
  bool required = false;
  /// Whether it may be a pipe, as the shell makes one of `<(command)`. A pipe can be read once, so only at start.
  bool pipe_allowed = false;
  /// How long the pipe's writer may take to close it.
  std::chrono::milliseconds pipe_patience{30'000};
};

/// A file of more bytes is refused: a real one has a few thousand.
inline constexpr std::size_t kMaxConfigBytes = 1 << 20;

/// The bytes of the file; none when it is absent and not required. Reads a regular file, or a pipe where that is
/// allowed. Anything else is refused, so that a device cannot hold the daemon up. Blocks for at most pipe_patience on a
/// pipe; an empty pipe is an error, since the command that should have filled it may have failed. Failure: one line
/// without a newline that begins with the path.
std::expected<std::string, std::string> ReadConfigFile(const ConfigFile& file);

/// Whether the path leads to a pipe.
bool IsPipe(const std::string& path);

}  // namespace mqueue::yaml

#endif  // DAEMON_YAML_CONFIG_FILE_H_
