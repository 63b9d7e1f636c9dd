#ifndef DAEMON_OS_SERVICE_SOCKETS_H_
#define DAEMON_OS_SERVICE_SOCKETS_H_

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace mqueue::os {

/// The descriptors of the listening sockets that the service manager has opened for process `pid` (sd_listen_fds(3)'s
/// protocol: so many from 3 on). `listen_fds` and `listen_pid` are $LISTEN_FDS and $LISTEN_PID, empty when unset. There
/// is at least one; the error says what to do when there is none. The caller owns them.
std::expected<std::vector<int>, std::string> ServiceSockets(std::string_view listen_fds, std::string_view listen_pid,
                                                            int pid);

}  // namespace mqueue::os

#endif  // DAEMON_OS_SERVICE_SOCKETS_H_
