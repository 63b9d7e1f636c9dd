#ifndef DAEMON_HTTP_WIRE_H_
#define DAEMON_HTTP_WIRE_H_

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "daemon/http/message.h"
#include "daemon/http/server.h"

namespace mqueue::http {

using WireParser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using WireRequest = WireParser::value_type;
/// Points into a Body, which must outlive it.
using WireResponse = boost::beast::http::response<boost::beast::http::span_body<const char>>;

/// A parser that stops at the limits.
void Limit(WireParser& parser, const ServerLimits& limits);

/// What a handler may know of a request. The target's origin form and absolute form (RFC 9112, section 3.2) are
/// understood; of any other the path is empty, which no route has.
Request ToRequest(const WireRequest& wire);

/// The answer to a request that no handler gets to see: nothing when `wire` is one that it may.
std::optional<Response> RefuseRequest(const WireRequest& wire);

/// The answer to bytes that are no request, or to one over the limits.
Response RefuseBytes(const boost::beast::error_code& cause);

/// Puts a response into its form on the wire, compressed where the client asked for it. For `head` only Content-Length
/// speaks of the body.
struct WireOptions {
  unsigned version = 11;
  bool keep_alive = false;
  bool head = false;
  std::string_view accept_encoding;
  std::size_t min_gzip_bytes = 0;
};
WireResponse ToWire(const Response& response, const WireOptions& options);

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_WIRE_H_
