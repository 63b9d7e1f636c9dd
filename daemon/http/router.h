#ifndef DAEMON_HTTP_ROUTER_H_
#define DAEMON_HTTP_ROUTER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/http/message.h"

namespace mqueue::http {

/// One path and who answers for it.
struct Route {
  enum class Kind : std::uint8_t { kRead, kAction };

  /// Compared byte by byte. It is the response's handler name, too.
  std::string path;
  /// kRead serves GET and HEAD, kAction serves POST and PUT.
  Kind kind = Kind::kRead;
  Handler handler;
};

/// Passes a request to the route of its path. Itself a Handler. Answers 405 with Allow for a method that the route does
/// not serve, 308 for a route's path with a slash after it, and 404 for any other path. OPTIONS gets 204 with Allow on
/// every path: load balancers check servers with it.
class Router {
 public:
  /// No two routes have the same path.
  explicit Router(std::vector<Route> routes) : routes_(std::move(routes)) {}

  Response operator()(const Request& request) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_ROUTER_H_
