#include "daemon/http/listen_address.h"

#include <sys/un.h>

#include <optional>

#include "daemon/text/parse_number.h"

namespace mqueue::http {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
constexpr std::string_view kVsockPrefix = "vsock://:";
constexpr std::string_view kInheritedPrefix = "fd:";
// The kernel's structure ends with a NUL.
constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;

std::unexpected<std::string> Refused(std::string_view text, std::string_view why) {
  return std::unexpected("listen address \"" + std::string(text) + "\": " + std::string(why) +
                         R"(; use ":9992", "127.0.0.1:9992", "[::1]:9992", "unix:/path" or "vsock://:9992")");
}

std::expected<ListenAddress, std::string> ParseUnix(std::string_view text) {
  std::string_view path = text.substr(kUnixPrefix.size());
  // As a URL: unix:///path has an empty authority.
  if (path.starts_with("//")) path.remove_prefix(2);
  if (!path.starts_with('/')) return Refused(text, "a socket's path must be absolute");
  if (path.size() > kLongestPath) {
    return Refused(text, "a socket's path has " + std::to_string(kLongestPath) + " bytes at most");
  }
  if (path.find('\0') != std::string_view::npos) return Refused(text, "a path holds no NUL");
  return UnixAddress{std::string(path)};
}

// Without the brackets that an IPv6 address must have, so that its colons are not taken for the port's.
std::optional<std::string_view> HostOf(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) return text.substr(1, text.size() - 2);
  if (text.find_first_of("[]:") != std::string_view::npos) return std::nullopt;
  return text;
}

}  // namespace

std::expected<ListenAddress, std::string> ParseListenAddress(std::string_view text) {
  if (text.starts_with(kUnixPrefix)) return ParseUnix(text);
  if (text.starts_with(kVsockPrefix)) {
    const auto port = ParseNumber<std::uint32_t>(text.substr(kVsockPrefix.size()));
    if (!port) return Refused(text, "the port of a vsock is not a number from 0 to 4294967295");
    return VsockAddress{*port};
  }
  if (text.starts_with(kInheritedPrefix)) {
    const auto descriptor = ParseNumber<int>(text.substr(kInheritedPrefix.size()));
    // The first three are not for sockets, and systemd begins behind them.
    if (!descriptor || *descriptor < 3) return Refused(text, "a descriptor is a number from 3 on");
    return InheritedAddress{*descriptor};
  }
  if (text.starts_with("vsock:")) return Refused(text, "a vsock address is \"vsock://:PORT\"");
  if (text.find("://") != std::string_view::npos) return Refused(text, "an address has no scheme");
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return Refused(text, "there is no port");
  const auto port = ParseNumber<std::uint16_t>(text.substr(colon + 1));
  if (!port) return Refused(text, "the port is not a number from 0 to 65535");
  const auto host = HostOf(text.substr(0, colon));
  if (!host) return Refused(text, "an IPv6 address stands in brackets");
  return TcpAddress{.host = std::string(*host == "*" ? "" : *host), .port = *port};
}

}  // namespace mqueue::http
