#ifndef DAEMON_HTTP_ACCESS_H_
#define DAEMON_HTTP_ACCESS_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/message.h"

namespace mqueue::http {

/// Where a client asks for the configuration to be loaded again.
inline constexpr std::string_view kReloadPath = "/-/reload";

/// Who is served, and how. The server asks anew for each connection and each request, so that the answers may change
/// while it runs. Called on its thread, and nothing here may block. This one serves everybody, without TLS.
class Access {
 public:
  Access() = default;
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;
  virtual ~Access() = default;

  /// The TLS that a client which has just connected is spoken to with; null is none.
  virtual std::shared_ptr<boost::asio::ssl::context> Tls();

  /// Changes when clients that are connected may no longer meet what new ones must. A connection that began under
  /// another number is closed at its next request.
  virtual std::uint64_t TransportVersion();

  /// Told of a client with whom no TLS came about.
  virtual void HandshakeFailed(const std::string& reason);

  /// The answer to a request that no handler gets to see; nothing when one may. May take its time. `request` lives
  /// until it is done.
  virtual boost::asio::awaitable<std::optional<Response>> Refusal(const Request& request);

  /// Fields of every response.
  virtual std::vector<HeaderField> Fields();
};

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_ACCESS_H_
