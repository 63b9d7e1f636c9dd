#include "daemon/http/router.h"

#include <algorithm>
#include <string_view>

namespace mqueue::http {
namespace {

bool Allows(Route::Kind kind, std::string_view method) {
  if (kind == Route::Kind::kRead) return method == "GET" || method == "HEAD";
  return method == "POST" || method == "PUT";
}

Response MethodNotAllowed(Route::Kind kind) {
  const std::string allowed = kind == Route::Kind::kRead ? "GET, HEAD" : "POST, PUT";
  Response response = TextResponse(405, "method not allowed; this path takes " + allowed);
  response.fields.push_back({"Allow", allowed});
  return response;
}

}  // namespace

Response Router::operator()(const Request& request) const {
  const auto route = std::ranges::find(routes_, request.path, &Route::path);
  if (route == routes_.end()) return TextResponse(404, "not found");
  Response response = Allows(route->kind, request.method) ? route->handler(request) : MethodNotAllowed(route->kind);
  response.handler = route->path;
  return response;
}

}  // namespace mqueue::http
