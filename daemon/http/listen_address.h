#ifndef DAEMON_HTTP_LISTEN_ADDRESS_H_
#define DAEMON_HTTP_LISTEN_ADDRESS_H_

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>

namespace mqueue::http {

/// A TCP port on one address of the host.
struct TcpAddress {
  /// A name, an IPv4 address, or an IPv6 address without its brackets. Empty is every address of the host, IPv6 and
  /// IPv4.
  std::string host;
  /// 0 lets the kernel choose.
  std::uint16_t port = 0;

  bool operator==(const TcpAddress&) const = default;
};

/// A socket in the file system.
struct UnixAddress {
  std::string path;

  bool operator==(const UnixAddress&) const = default;
};

/// A port that the hypervisor's host, or a guest of this one, reaches without a network (vsock(7)).
struct VsockAddress {
  std::uint32_t port = 0;

  bool operator==(const VsockAddress&) const = default;
};

/// A socket that listens already: the service manager has handed the descriptor over.
struct InheritedAddress {
  int descriptor = -1;

  bool operator==(const InheritedAddress&) const = default;
};

using ListenAddress = std::variant<TcpAddress, UnixAddress, VsockAddress, InheritedAddress>;

/// Parses ":9992", "*:9992", "127.0.0.1:9992", "[::1]:9992", "localhost:0", "unix:/path" (also "unix:///path"),
/// "vsock://:9992" or "fd:3". Whether a name resolves and an address can be bound is seen when the server listens. The
/// error names the text and what would be right.
std::expected<ListenAddress, std::string> ParseListenAddress(std::string_view text);

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_LISTEN_ADDRESS_H_
