#ifndef DAEMON_HTTP_CONNECTION_H_
#define DAEMON_HTTP_CONNECTION_H_

#include <openssl/types.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "daemon/http/access.h"
#include "daemon/http/framing.h"
#include "daemon/http/message.h"
#include "daemon/http/server.h"
#include "daemon/http/stream.h"
#include "daemon/http/wire.h"

namespace mqueue::http {

/// What all connections of a server share. Outlives each of them.
struct Service {
  Handler handler;
  Server::Observer observer;
  ServerLimits limits;
  std::shared_ptr<Access> access;
  /// Answers from now on end their connection.
  bool stopping = false;
};

/// One client: request after request until one side has enough. Every wait has a deadline. Not thread-safe.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = Stream::Socket;
  using TimePoint = std::chrono::steady_clock::time_point;

  Connection(Socket socket, std::shared_ptr<const Service> service);

  /// Serves the client to the end. The connection lives at least as long.
  boost::asio::awaitable<void> Run();

  /// Ends it as soon as the loop comes round.
  void Close();

  /// Whether Close was called, by anybody.
  bool closed() const { return closed_; }
  /// Whether nothing of a request has come since the last answer, or since the client connected.
  bool waiting() const { return waiting_; }
  /// When it last began to wait, or to write.
  TimePoint quiet_since() const { return quiet_since_; }

 private:
  enum class Next : std::uint8_t { kGoOn, kClose };

  boost::asio::awaitable<bool> Begin();
  boost::asio::awaitable<bool> Handshake(SSL_CTX& context);
  boost::asio::awaitable<bool> FirstByte(std::chrono::milliseconds patience);
  boost::asio::awaitable<Next> Exchange();
  boost::asio::awaitable<bool> ReadHeader(WireParser& parser);
  boost::asio::awaitable<bool> ReadBody(WireParser& parser);
  boost::asio::awaitable<bool> CheckUnreadBody(WireParser& parser);
  boost::asio::awaitable<bool> Continue();
  boost::asio::awaitable<Next> Answer(const Request& request, WireOptions options, AfterHeader after_header);
  boost::asio::awaitable<boost::beast::error_code> Parse(WireParser& parser);
  std::optional<Response> RefusalOf(const boost::beast::error_code& error) const;
  boost::asio::awaitable<bool> Write(const Response& response, const WireOptions& options);
  boost::asio::awaitable<bool> WriteAll(boost::asio::const_buffer bytes);
  boost::asio::awaitable<void> Refuse(const Response& response);
  boost::asio::awaitable<void> EndEncryption();
  boost::asio::awaitable<void> Linger();
  void WatchDeadline();
  void TimeOut();
  void Allow(std::chrono::milliseconds time);
  void SetWaiting(bool waiting);

  Stream stream_;
  std::shared_ptr<const Service> service_;
  boost::beast::flat_buffer buffer_;
  boost::asio::steady_timer deadline_;
  // Access::TransportVersion when the client connected.
  std::uint64_t transport_version_ = 0;
  bool waiting_ = true;
  bool timed_out_ = false;
  bool closed_ = false;
  TimePoint quiet_since_ = std::chrono::steady_clock::now();
};

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_CONNECTION_H_
