#include "daemon/http/listener.h"

#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <utility>
#include <variant>

#include "daemon/http/listen_address.h"

namespace mqueue::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Stream = asio::generic::stream_protocol;
using Tcp = asio::ip::tcp;
using Unix = asio::local::stream_protocol;

// Whoever is in the socket's group may scrape.
constexpr mode_t kSocketMode = 0660;

bool IsSocket(const std::string& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

std::string_view Advice(const TcpAddress& /*address*/, const error_code& error) {
  if (error == asio::error::address_in_use) {
    return "stop what listens there or choose another --web.listen-address; two of them may overlap";
  }
  if (error == asio::error::access_denied) return "ports below 1024 need CAP_NET_BIND_SERVICE";
  return "choose another --web.listen-address";
}
std::string_view Advice(const UnixAddress& address, const error_code& error) {
  if (error == asio::error::address_in_use && IsSocket(address.path)) {
    return "another process has bound this socket; stop it or choose another path";
  }
  if (error == asio::error::address_in_use)
    return "the path exists and is not a socket; remove it or choose another path";
  if (error == asio::error::access_denied) return "grant the exporter's user write permission on the directory";
  if (error == boost::system::errc::no_such_file_or_directory) return "create the directory or choose another path";
  return "choose another path";
}
std::string_view Advice(const VsockAddress& /*address*/, const error_code& error) {
  if (error == asio::error::address_in_use) return "stop what listens there or choose another port";
  if (error == asio::error::access_denied) return "ports below 1024 need CAP_NET_BIND_SERVICE";
  if (error == asio::error::address_family_not_supported)
    return "load the kernel's vsock module or use another address";
  return "choose another --web.listen-address";
}
std::string_view Advice(const InheritedAddress& /*address*/, const error_code& /*error*/) {
  return "pass a stream socket that listens";
}

std::unexpected<std::string> Failed(std::string_view text, const ListenAddress& address, const error_code& error) {
  const std::string_view advice = error == asio::error::no_descriptors
                                      ? "raise the limit of open files"
                                      : std::visit([&error](const auto& one) { return Advice(one, error); }, address);
  return std::unexpected("cannot listen on " + std::string(text) + ": " + error.message() + "; " + std::string(advice));
}

// A socket that is about to be bound.
struct Unbound {
  Acceptor acceptor;
  error_code error;
};

Unbound Open(asio::io_context& context, const Stream& protocol) {
  Unbound unbound{.acceptor = Acceptor(context)};
  unbound.acceptor.open(protocol, unbound.error);
  return unbound;
}

std::expected<Acceptor, error_code> Bound(Unbound unbound, const Stream::endpoint& endpoint) {
  auto& [acceptor, error] = unbound;
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return std::unexpected(error);
  return std::move(acceptor);
}

std::expected<Acceptor, error_code> BindTcp(asio::io_context& context, const Tcp::endpoint& endpoint, bool dual) {
  Unbound unbound = Open(context, endpoint.protocol());
  if (unbound.error) return std::unexpected(unbound.error);
  unbound.acceptor.set_option(asio::socket_base::reuse_address(true), unbound.error);
  if (endpoint.protocol() == Tcp::v6()) unbound.acceptor.set_option(asio::ip::v6_only(!dual), unbound.error);
  return Bound(std::move(unbound), endpoint);
}

// Whether the host, or this container of it, lacks the address rather than refuses it.
bool HasNot(const error_code& error) {
  return error == asio::error::address_family_not_supported ||
         error == error_code(EADDRNOTAVAIL, boost::system::system_category());
}

// Every address of the host: one IPv6 socket that takes IPv4 too, or IPv4 alone where there is no IPv6.
std::expected<Acceptor, error_code> BindEverywhere(asio::io_context& context, std::uint16_t port) {
  auto acceptor = BindTcp(context, {Tcp::v6(), port}, true);
  return !acceptor && HasNot(acceptor.error()) ? BindTcp(context, {Tcp::v4(), port}, false) : std::move(acceptor);
}

// Every address that the name stands for and that the host has: /etc/hosts gives localhost an IPv6 address even where
// there is no IPv6.
std::expected<std::vector<Acceptor>, error_code> BindName(asio::io_context& context, const TcpAddress& address) {
  error_code error;
  const auto entries = Tcp::resolver(context).resolve(address.host, std::to_string(address.port), error);
  std::vector<Acceptor> acceptors;
  for (const auto& entry : entries) {
    auto acceptor = BindTcp(context, entry.endpoint(), false);
    if (acceptor) {
      acceptors.push_back(*std::move(acceptor));
    } else if (error = acceptor.error(); !HasNot(error)) {
      return std::unexpected(error);
    }
  }
  if (acceptors.empty()) return std::unexpected(error);
  return acceptors;
}

// Whether `path` is a socket that no process has bound any more. Connects with a datagram socket: the kernel refuses
// that connection only without a bound socket. A stream socket's connection is refused also while the other process has
// bound its socket and does not listen yet.
bool IsStale(asio::io_context& context, const std::string& path) {
  if (!IsSocket(path)) return false;
  asio::local::datagram_protocol::socket probe(context);
  error_code error;
  probe.open({}, error);
  if (error) return false;
  probe.connect(path, error);
  return error == asio::error::connection_refused;
}

std::expected<Acceptor, error_code> BindFile(asio::io_context& context, const std::string& path) {
  Unbound unbound = Open(context, Unix());
  if (unbound.error) return std::unexpected(unbound.error);
  // The file that bind(2) makes has the mode of the socket, less the umask: there is no moment at which anybody could
  // connect who may not.
  ::fchmod(unbound.acceptor.native_handle(), kSocketMode);
  if (IsStale(context, path)) ::unlink(path.c_str());
  auto acceptor = Bound(std::move(unbound), Unix::endpoint(path));
  if (acceptor) ::chmod(path.c_str(), kSocketMode);
  return acceptor;
}

std::expected<Acceptor, error_code> BindVsock(asio::io_context& context, std::uint32_t port) {
  sockaddr_vm address{};
  address.svm_family = AF_VSOCK;
  address.svm_cid = VMADDR_CID_ANY;
  address.svm_port = port;
  return Bound(Open(context, Stream(AF_VSOCK, 0)), Stream::endpoint(&address, sizeof address));
}

int Option(int descriptor, int option) {
  int value = 0;
  socklen_t length = sizeof value;
  return ::getsockopt(descriptor, SOL_SOCKET, option, &value, &length) == 0 ? value : -1;
}

// Taken over for good: it is closed with the acceptor.
std::expected<Acceptor, error_code> Adopt(asio::io_context& context, int descriptor) {
  const int domain = Option(descriptor, SO_DOMAIN);
  if (domain == -1) return std::unexpected(error_code(errno, boost::system::system_category()));
  if (Option(descriptor, SO_TYPE) != SOCK_STREAM || Option(descriptor, SO_ACCEPTCONN) != 1) {
    return std::unexpected(asio::error::make_error_code(asio::error::invalid_argument));
  }
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  Acceptor acceptor(context);
  error_code error;
  acceptor.assign(Stream(domain, 0), descriptor, error);
  if (error) return std::unexpected(error);
  return acceptor;
}

using Acceptors = std::expected<std::vector<Acceptor>, error_code>;

Acceptors Only(std::expected<Acceptor, error_code> acceptor) {
  if (!acceptor) return std::unexpected(acceptor.error());
  std::vector<Acceptor> acceptors;
  acceptors.push_back(*std::move(acceptor));
  return acceptors;
}

Acceptors Listen(asio::io_context& context, const TcpAddress& address) {
  return address.host.empty() ? Only(BindEverywhere(context, address.port)) : BindName(context, address);
}
Acceptors Listen(asio::io_context& context, const UnixAddress& address) {
  return Only(BindFile(context, address.path));
}
Acceptors Listen(asio::io_context& context, const VsockAddress& address) {
  return Only(BindVsock(context, address.port));
}
Acceptors Listen(asio::io_context& context, const InheritedAddress& address) {
  return Only(Adopt(context, address.descriptor));
}

// The endpoint of one protocol that a generic one holds.
template <typename Endpoint>
Endpoint As(const Stream::endpoint& from) {
  Endpoint endpoint;
  endpoint.resize(from.size());
  std::memcpy(endpoint.data(), from.data(), from.size());
  return endpoint;
}

}  // namespace

std::expected<std::vector<Acceptor>, std::string> OpenListeners(asio::io_context& context, std::string_view text) {
  const auto address = ParseListenAddress(text);
  if (!address) return std::unexpected(address.error());
  auto acceptors = std::visit([&](const auto& one) { return Listen(context, one); }, *address);
  if (!acceptors) return Failed(text, *address, acceptors.error());
  return *std::move(acceptors);
}

std::string AddressOf(const Acceptor& acceptor) {
  error_code ignored;
  const Stream::endpoint endpoint = acceptor.local_endpoint(ignored);
  switch (endpoint.data()->sa_family) {
    case AF_UNIX:
      return "unix:" + As<Unix::endpoint>(endpoint).path();
    case AF_VSOCK: {
      sockaddr_vm address{};
      std::memcpy(&address, endpoint.data(), std::min(sizeof address, endpoint.size()));
      return "vsock://:" + std::to_string(address.svm_port);
    }
    default: {
      std::ostringstream text;
      text << As<Tcp::endpoint>(endpoint);
      return text.str();
    }
  }
}

}  // namespace mqueue::http
