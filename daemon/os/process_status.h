#ifndef DAEMON_OS_PROCESS_STATUS_H_
#define DAEMON_OS_PROCESS_STATUS_H_

#include <optional>
#include <string>

namespace mqueue::os {

/// What procfs says about this process. A member is absent if its file could not be read.
struct ProcessStatus {
  /// User and system time since the start.
  std::optional<double> cpu_seconds;
  std::optional<double> resident_bytes;
  std::optional<double> virtual_bytes;
  /// Includes the descriptor that counts them.
  std::optional<double> open_descriptors;
  /// The soft limit; absent if there is none.
  std::optional<double> descriptor_limit;
  std::optional<double> threads;
  /// Unix time.
  std::optional<double> start_seconds;
};

/// Reads `procfs`/self and `procfs`/stat.
ProcessStatus ReadProcessStatus(const std::string& procfs);

}  // namespace mqueue::os

#endif  // DAEMON_OS_PROCESS_STATUS_H_
