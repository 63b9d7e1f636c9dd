#ifndef DAEMON_HTTP_WIRE_H_
#define DAEMON_HTTP_WIRE_H_

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <optional>

#include "daemon/http/message.h"
#include "daemon/http/server.h"

namespace mqueue::http {

using WireParser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using WireRequest = WireParser::value_type;
/// Points into a Body, which must outlive it.
using WireResponse = boost::beast::http::response<boost::beast::http::span_body<const char>>;

/// Makes the parser stop at the end of a header. Longer than max_header_bytes, it is an error.
void PrepareForHeader(WireParser& parser, const ServerLimits& limits);

/// Makes a parser that has a whole header go on to the end of the body. Longer than `limit`, if there is one, it is an
/// error, and so is a control character in a chunk extension.
void PrepareForBody(WireParser& parser, std::optional<std::size_t> limit);

/// What a handler may know of a request. The target's origin form and absolute form (RFC 9112, section 3.2) are
/// understood; of any other the path is empty, which no route has.
Request ToRequest(const WireRequest& wire);

/// The answer to bytes that are no request, or to one over the limits.
Response RefuseBytes(const boost::beast::error_code& cause);

/// Puts a response into its form on the wire, compressed where the client asked for it. For `head` only Content-Length
/// speaks of the body. A 204 has neither.
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
