#ifndef DAEMON_SETTINGS_NAMESPACES_H_
#define DAEMON_SETTINGS_NAMESPACES_H_

#include <cstdint>

namespace mqueue::settings {

/// Which IPC namespaces to look into.
enum class Namespaces : std::uint8_t {
  kOwn,  ///< the daemon's
  kAll,  ///< every one that the reader bpf reaches; without it, the daemon's
};

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_NAMESPACES_H_
