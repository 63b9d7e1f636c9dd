#ifndef DAEMON_OS_SERVICE_NOTIFY_H_
#define DAEMON_OS_SERVICE_NOTIFY_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/os/unique_fd.h"

namespace mqueue::os {

/// Tells the service manager what the daemon is doing (sd_notify(3)'s protocol: datagrams to $NOTIFY_SOCKET). Without a
/// manager every call does nothing. The socket is opened once, at the beginning: a confined process opens none. When
/// the manager does not read its socket, a call waits for one second at most and the message is lost; Alive does not
/// wait. Not thread-safe.
class ServiceNotify {
 public:
  /// `socket` is $NOTIFY_SOCKET: a path, or a name in the abstract namespace behind '@'; empty for none.
  explicit ServiceNotify(const std::string& socket);

  void Ready() const { Send("READY=1"); }
  /// To be followed by Ready() when the reload is over. systemd wants CLOCK_MONOTONIC with it.
  void Reloading() const;
  void Stopping() const { Send("STOPPING=1"); }
  void Alive() const;

 private:
  void Send(std::string_view state, int flags = 0) const;

  UniqueFd socket_;
};

/// How often to call Alive(): half of what the manager allows. `watchdog_usec` and `watchdog_pid` are $WATCHDOG_USEC
/// and $WATCHDOG_PID, empty when unset; nothing when no watchdog was asked of process `pid`.
std::optional<std::chrono::microseconds> WatchdogInterval(std::string_view watchdog_usec, std::string_view watchdog_pid,
                                                          int pid);

}  // namespace mqueue::os

#endif  // DAEMON_OS_SERVICE_NOTIFY_H_
