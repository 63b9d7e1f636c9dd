#ifndef DAEMON_HTTP_SERVER_H_
#define DAEMON_HTTP_SERVER_H_

#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/access.h"
#include "daemon/http/message.h"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): the name is Asio's
}  // namespace boost::asio

namespace mqueue::http {

/// What a client may cost.
struct ServerLimits {
  /// 1 or more. At the limit, a new connection closes the one whose client has connected, got its last response or
  /// begun to take one longest ago: a request that never ends must not protect its connection. With TLS each needs
  /// about 20 KiB, and 50 during its handshake.
  std::size_t max_connections = std::numeric_limits<std::size_t>::max();
  /// Request line and header fields; more is answered 431.
  std::size_t max_header_bytes = std::size_t{16} * 1024;
  /// More is answered 413. No endpoint reads a body.
  std::size_t max_body_bytes = std::size_t{16} * 1024;
  /// Shorter bodies are not compressed.
  std::size_t min_gzip_bytes = 1024;
  /// For a whole request from its first byte, or from accept for the first one of a connection; then 408.
  std::chrono::milliseconds request_timeout{10'000};
  /// Between two requests. Longer than Prometheus keeps an idle connection (5 min), so that it is the client who
  /// closes.
  std::chrono::milliseconds idle_timeout{360'000};
  /// For the client to take a whole response.
  std::chrono::milliseconds write_timeout{30'000};
  /// For the client to read an answer that ends the connection while it still sends.
  std::chrono::milliseconds linger_timeout{2'000};
  /// How long nothing is accepted after accept(2) has found no descriptor or no memory.
  std::chrono::milliseconds accept_pause{100};
};

/// Serves HTTP/1.0 and HTTP/1.1 on an io_context. Not thread safe: one thread runs the io_context, and everything here
/// is called on it or while it does not run. The io_context outlives the server.
class Server {
 public:
  /// Told once for each response what was answered and by whom (Response::handler).
  using Observer = std::function<void(std::string_view handler, int status)>;

  /// Listens on every address (see ParseListenAddress); from now on clients can connect, and they are served while the
  /// io_context runs. A socket file gets mode 0660 and stays when the server ends, since a confined process removes
  /// nothing; one that is left from before and that nobody listens on is replaced. An inherited descriptor becomes the
  /// server's. The error is a line for the user: which address, what is wrong with it, what to do; then nothing is left
  /// open.
  static std::expected<Server, std::string> Listen(boost::asio::io_context& context,
                                                   std::span<const std::string> addresses, Handler handler,
                                                   Observer observer, const ServerLimits& limits = {},
                                                   std::shared_ptr<Access> access = std::make_shared<Access>());

  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  /// Closes everything at once; neither the handler nor a callback is called any more.
  ~Server();

  /// Where the server listens, in the order of Listen: "127.0.0.1:9992", "[::]:9992", "unix:/path", "vsock://:9992",
  /// with the port that the kernel chose.
  std::vector<std::string> Addresses() const;

  /// Open connections.
  std::size_t Connections() const;

  /// Accepts nothing more, closes the connections that no request has begun on, and lets the others finish the request
  /// they are at for up to `grace`, then closes them too. Calls `done` when the last is closed, from the io_context and
  /// not from within Stop. Call it once.
  void Stop(std::chrono::milliseconds grace, std::function<void()> done);

 private:
  class Impl;
  explicit Server(std::shared_ptr<Impl> impl);

  std::shared_ptr<Impl> impl_;
};

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_SERVER_H_
