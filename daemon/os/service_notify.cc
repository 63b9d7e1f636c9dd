#include "daemon/os/service_notify.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <utility>

#include "daemon/text/parse_number.h"

namespace mqueue::os {

ServiceNotify::ServiceNotify(const std::string& socket) {
  sockaddr_un address{};
  if (socket.empty() || socket.size() >= sizeof(address.sun_path)) return;
  address.sun_family = AF_UNIX;
  std::copy(socket.begin(), socket.end(), address.sun_path);
  if (socket.front() == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd || ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), length) != 0) return;
  // A full queue of the receiver would block the sender for ever.
  const timeval timeout{.tv_sec = 1, .tv_usec = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
  socket_ = std::move(fd);
}

void ServiceNotify::Alive() const { Send("WATCHDOG=1", MSG_DONTWAIT); }

void ServiceNotify::Reloading() const {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto usec = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
  Send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(usec));
}

void ServiceNotify::Send(std::string_view state, int flags) const {
  // A manager that does not listen is not the daemon's trouble: it goes on serving.
  if (socket_) (void)::send(socket_.get(), state.data(), state.size(), MSG_NOSIGNAL | flags);
}

std::optional<std::chrono::microseconds> WatchdogInterval(std::string_view watchdog_usec, std::string_view watchdog_pid,
                                                          int pid) {
  const auto usec = ParseNumber<std::uint64_t>(watchdog_usec);
  if (!usec || *usec == 0) return std::nullopt;
  if (!watchdog_pid.empty() && ParseNumber<std::uint64_t>(watchdog_pid) != static_cast<std::uint64_t>(pid))
    return std::nullopt;
  return std::chrono::microseconds(*usec / 2);
}

}  // namespace mqueue::os
