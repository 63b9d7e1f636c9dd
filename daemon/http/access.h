#ifndef DAEMON_HTTP_ACCESS_H_
#define DAEMON_HTTP_ACCESS_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/http/message.h"

namespace mqueue::http {

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
