#include "daemon/http/router.h"

#include <algorithm>
#include <string_view>

namespace mqueue::http {
namespace {

bool Allows(Route::Kind kind, std::string_view method) {
  if (kind == Route::Kind::kRead) return method == "GET" || method == "HEAD";
  return method == "POST" || method == "PUT";
}

std::string_view Allowed(Route::Kind kind) {
  return kind == Route::Kind::kRead ? "GET, HEAD, OPTIONS" : "POST, PUT, OPTIONS";
}

Response MethodNotAllowed(Route::Kind kind) {
  const std::string allowed(Allowed(kind));
  Response response = TextResponse(405, "method not allowed; this path takes " + allowed);
  response.fields.push_back({"Allow", allowed});
  return response;
}

Response Options(std::string_view allowed) { return {.status = 204, .fields = {{"Allow", std::string(allowed)}}}; }

// 308 keeps the method.
Response MovedTo(const Route& route, const Request& request) {
  const std::string location = route.path + (request.query.empty() ? "" : "?" + request.query);
  Response response = TextResponse(308, "moved to " + location);
  response.fields.push_back({"Location", location});
  return response;
}

Response AnswerFor(const Route& route, const Request& request) {
  if (request.method == "OPTIONS") return Options(Allowed(route.kind));
  return Allows(route.kind, request.method) ? route.handler(request) : MethodNotAllowed(route.kind);
}

}  // namespace

Response Router::operator()(const Request& request) const {
  if (const auto route = std::ranges::find(routes_, request.path, &Route::path); route != routes_.end()) {
    Response response = AnswerFor(*route, request);
    response.handler = route->path;
    return response;
  }
  if (request.method == "OPTIONS") return Options(Allowed(Route::Kind::kRead));
  const auto without_slash = std::ranges::find_if(
      routes_, [&](const Route& route) { return route.path != "/" && request.path == route.path + "/"; });
  if (without_slash != routes_.end()) return MovedTo(*without_slash, request);
  return TextResponse(404, "not found");
}

}  // namespace mqueue::http
