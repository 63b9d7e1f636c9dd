#include "daemon/http/listener.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <optional>
#include <sstream>
#include <utility>

#include "daemon/http/listen_address.h"

namespace mqueue::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = Listener::Tcp;
using Unix = Listener::Unix;

// Whoever is in the socket's group may scrape.
constexpr mode_t kSocketMode = 0660;

std::string Advice(const error_code& error) {
  if (error == asio::error::address_in_use) return "; stop what listens there or choose another --web.listen-address";
  if (error == asio::error::access_denied) return "; ports below 1024 need CAP_NET_BIND_SERVICE";
  return "; choose another --web.listen-address";
}

std::unexpected<std::string> Failed(std::string_view address, const error_code& error) {
  return std::unexpected("cannot listen on " + std::string(address) + ": " + error.message() + Advice(error));
}

std::expected<Tcp::acceptor, error_code> Bind(asio::io_context& context, const Tcp::endpoint& endpoint, bool dual) {
  Tcp::acceptor acceptor(context);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (error) return std::unexpected(error);
  acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (endpoint.protocol() == Tcp::v6()) acceptor.set_option(asio::ip::v6_only(!dual), error);
  acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return std::unexpected(error);
  return acceptor;
}

// Whether the host, or this container of it, lacks the address rather than refuses it.
bool HasNot(const error_code& error) {
  return error == asio::error::address_family_not_supported ||
         error == error_code(EADDRNOTAVAIL, boost::system::system_category());
}

// Every address of the host: one IPv6 socket that takes IPv4 too, or IPv4 alone where there is no IPv6.
std::expected<Tcp::acceptor, error_code> BindEverywhere(asio::io_context& context, std::uint16_t port) {
  auto acceptor = Bind(context, {Tcp::v6(), port}, true);
  return !acceptor && HasNot(acceptor.error()) ? Bind(context, {Tcp::v4(), port}, false) : std::move(acceptor);
}

// Every address that the name stands for and that the host has: /etc/hosts gives localhost an IPv6 address even where
// there is no IPv6.
std::expected<std::vector<Tcp::acceptor>, error_code> BindName(asio::io_context& context, const TcpAddress& address) {
  error_code error;
  const auto entries = Tcp::resolver(context).resolve(address.host, std::to_string(address.port), error);
  std::vector<Tcp::acceptor> acceptors;
  for (const auto& entry : entries) {
    auto acceptor = Bind(context, entry.endpoint(), false);
    if (acceptor) {
      acceptors.push_back(*std::move(acceptor));
    } else if (error = acceptor.error(); !HasNot(error)) {
      return std::unexpected(error);
    }
  }
  if (acceptors.empty()) return std::unexpected(error);
  return acceptors;
}

// Whether `path` is a socket that nobody listens on any more.
bool IsStale(asio::io_context& context, const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  Unix::socket probe(context);
  error_code error;
  probe.open(Unix(), error);
  // One that listens and is busy would hold the call up until it accepts.
  if (!error) probe.non_blocking(true, error);
  if (error) return false;
  probe.connect(Unix::endpoint(path), error);
  return error == asio::error::connection_refused;
}

std::expected<Unix::acceptor, error_code> BindFile(asio::io_context& context, const std::string& path) {
  Unix::acceptor acceptor(context);
  error_code error;
  acceptor.open(Unix(), error);
  if (error) return std::unexpected(error);
  // The file that bind(2) makes has the mode of the socket, less the umask: there is no moment at which anybody could
  // connect who may not.
  ::fchmod(acceptor.native_handle(), kSocketMode);
  if (IsStale(context, path)) ::unlink(path.c_str());
  acceptor.bind(Unix::endpoint(path), error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return std::unexpected(error);
  ::chmod(path.c_str(), kSocketMode);
  return acceptor;
}

std::string ToText(const Tcp::acceptor& acceptor) {
  error_code error;
  std::ostringstream text;
  text << acceptor.local_endpoint(error);
  return text.str();
}

}  // namespace

std::expected<std::vector<Listener>, std::string> Listener::Open(asio::io_context& context, std::string_view text) {
  const auto address = ParseListenAddress(text);
  if (!address) return std::unexpected(address.error());
  std::vector<Listener> listeners;
  if (const auto* file = std::get_if<UnixAddress>(&*address)) {
    auto acceptor = BindFile(context, file->path);
    if (!acceptor) return Failed(text, acceptor.error());
    listeners.push_back(Listener(*std::move(acceptor), file->path));
    return listeners;
  }
  const auto& tcp = std::get<TcpAddress>(*address);
  if (tcp.host.empty()) {
    auto acceptor = BindEverywhere(context, tcp.port);
    if (!acceptor) return Failed(text, acceptor.error());
    listeners.push_back(Listener(*std::move(acceptor)));
    return listeners;
  }
  auto acceptors = BindName(context, tcp);
  if (!acceptors) return Failed(text, acceptors.error());
  for (auto& acceptor : *acceptors) listeners.push_back(Listener(std::move(acceptor)));
  return listeners;
}

std::string Listener::Address() const {
  if (!path_.empty()) return "unix:" + path_;
  return ToText(std::get<Tcp::acceptor>(acceptor_));
}

void Listener::Close() {
  error_code ignored;
  std::visit([&](auto& acceptor) { acceptor.close(ignored); }, acceptor_);
  if (!path_.empty()) ::unlink(std::exchange(path_, {}).c_str());
}

}  // namespace mqueue::http
