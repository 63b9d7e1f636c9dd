#ifndef DAEMON_HTTP_STREAM_H_
#define DAEMON_HTTP_STREAM_H_

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>
#include <utility>

namespace mqueue::http {

/// A client's socket, with or without TLS. Reads as an AsyncReadStream of Asio's; writes one buffer at a time, which
/// goes out by sendto(2): sendmsg(2) could also hand on descriptors and is denied to the daemon. Not thread-safe.
class Stream {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;
  using executor_type = Socket::executor_type;  // NOLINT(readability-identifier-naming): the name is Asio's

  explicit Stream(Socket socket) : socket_(std::move(socket)) {}

  executor_type get_executor() { return socket_.get_executor(); }  // NOLINT(readability-identifier-naming)

  /// What lies below TLS.
  Socket& socket() { return socket_; }
  bool encrypted() const { return tls_.has_value(); }

  /// Does the server's part of the handshake. From here on everything is encrypted.
  template <typename Token>
  auto Encrypt(std::shared_ptr<boost::asio::ssl::context> context, Token&& token) {
    context_ = std::move(context);
    tls_.emplace(socket_, *context_);
    return tls_->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Token>(token));
  }

  /// Tells an encrypted client that nothing follows, and waits for it to say the same.
  template <typename Token>
  auto EndEncryption(Token&& token) {
    return tls_->async_shutdown(std::forward<Token>(token));
  }

  // NOLINTNEXTLINE(readability-identifier-naming): the name is Asio's
  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return tls_ ? tls_->async_read_some(buffers, std::forward<Token>(token))
                : socket_.async_read_some(buffers, std::forward<Token>(token));
  }

  template <typename Token>
  auto WriteSome(boost::asio::const_buffer buffer, Token&& token) {
    return tls_ ? tls_->async_write_some(buffer, std::forward<Token>(token))
                : socket_.async_write_some(buffer, std::forward<Token>(token));
  }

 private:
  Socket socket_;
  // Replaced for new clients while this one goes on.
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;
};

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_STREAM_H_
