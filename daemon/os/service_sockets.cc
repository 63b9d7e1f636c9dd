#include "daemon/os/service_sockets.h"

#include <numeric>

#include "daemon/text/parse_number.h"

namespace mqueue::os {
namespace {

constexpr int kFirst = 3;
// Far above any unit's, and far below what would wear the memory.
constexpr int kMost = 1024;

}  // namespace

std::expected<std::vector<int>, std::string> ServiceSockets(std::string_view listen_fds, std::string_view listen_pid,
                                                            int pid) {
  const auto count = ParseNumber<int>(listen_fds);
  if (!count || *count < 1 || *count > kMost || ParseNumber<int>(listen_pid) != pid) {
    return std::unexpected(
        "--web.systemd-socket: the service manager has handed over no socket; start mqueue_exporter.socket, or leave "
        "the "
        "flag out");
  }
  std::vector<int> sockets(static_cast<std::size_t>(*count));
  std::iota(sockets.begin(), sockets.end(), kFirst);
  return sockets;
}

}  // namespace mqueue::os
