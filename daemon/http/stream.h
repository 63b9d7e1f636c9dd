#ifndef DAEMON_HTTP_STREAM_H_
#define DAEMON_HTTP_STREAM_H_

#include <openssl/types.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <utility>

namespace mqueue::http {

/// A client's socket, with or without TLS. asio::ssl::stream would hold 68 KiB of buffers for each client, also for one
/// that says nothing; here only the TLS library's own are held, and only while there is something in them. Nothing is
/// written by sendmsg(2), which could also hand on descriptors and is denied to the daemon. Not thread-safe.
///
/// With TLS the process must ignore SIGPIPE.
class Stream {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;
  /// How many bytes went, and why no more: as Asio's own operations complete.
  using Transfer = std::pair<boost::system::error_code, std::size_t>;

  explicit Stream(Socket socket) : socket_(std::move(socket)) {}

  /// What lies below TLS. What it waits for is cancelled and closed there.
  Socket& socket() { return socket_; }
  bool encrypted() const { return tls_ != nullptr; }

  /// Performs the server's part of the handshake. From here on everything is encrypted. `context` may end before the
  /// stream.
  boost::asio::awaitable<boost::system::error_code> Encrypt(SSL_CTX& context);

  /// Tells an encrypted client that nothing follows, and waits for it to say the same. Does nothing if the handshake
  /// was not completed or TLS has failed: OpenSSL forbids SSL_shutdown then.
  boost::asio::awaitable<void> EndEncryption();

  /// Waits until Read would find something, or the end.
  boost::asio::awaitable<boost::system::error_code> WaitForBytes();

  /// Takes one byte or more; asio::error::eof at the end.
  boost::asio::awaitable<Transfer> Read(boost::asio::mutable_buffer into);

  /// Sends one byte or more.
  boost::asio::awaitable<Transfer> Write(boost::asio::const_buffer from);

 private:
  struct Free {
    void operator()(SSL* tls) const;
  };
  boost::asio::awaitable<boost::system::error_code> WaitFor(int result);
  boost::system::error_code Fail(int kind, int system_error);

  Socket socket_;
  std::unique_ptr<SSL, Free> tls_;
  bool handshake_done_ = false;
  // Set by a fatal error: no call of the TLS library may follow.
  boost::system::error_code failure_;
};

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_STREAM_H_
