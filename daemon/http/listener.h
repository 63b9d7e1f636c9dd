#ifndef DAEMON_HTTP_LISTENER_H_
#define DAEMON_HTTP_LISTENER_H_

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mqueue::http {

/// A socket that listens, and the file that stands for it where it has one. The file is removed with Close.
class Listener {
 public:
  using Tcp = boost::asio::ip::tcp;
  using Unix = boost::asio::local::stream_protocol;
  using Acceptor = std::variant<Tcp::acceptor, Unix::acceptor>;

  /// Binds and listens; see Server::Listen. A name may stand for several addresses: then there are several listeners.
  static std::expected<std::vector<Listener>, std::string> Open(boost::asio::io_context& context,
                                                                std::string_view text);

  Acceptor& acceptor() { return acceptor_; }

  /// "127.0.0.1:9992", "[::]:9992" or "unix:/path".
  std::string Address() const;

  /// Accepts nothing more and removes the socket's file.
  void Close();

 private:
  explicit Listener(Tcp::acceptor acceptor) : acceptor_(std::move(acceptor)) {}
  Listener(Unix::acceptor acceptor, std::string path) : acceptor_(std::move(acceptor)), path_(std::move(path)) {}

  Acceptor acceptor_;
  // Of the socket's file; empty for TCP.
  std::string path_;
};

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_LISTENER_H_
