#include "daemon/http/wire.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <ctime>
#include <string>
#include <string_view>

#include "daemon/http/accept.h"

namespace mqueue::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;

// All fields of one name, as one list (RFC 9110, section 5.3).
std::string Combined(const WireRequest& wire, field name) {
  std::string value;
  const auto [begin, end] = wire.equal_range(name);
  for (auto it = begin; it != end; ++it) {
    if (!value.empty()) value += ", ";
    value += std::string_view(it->value());
  }
  return value;
}

// Of "http://host/path" what a client that speaks to no proxy would send.
std::string_view OriginForm(std::string_view target) {
  const auto scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos) return target;
  const auto path = target.find('/', scheme + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

std::string HttpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  // The daemon never leaves the C locale, whose names of days and months are HTTP's.
  const std::size_t size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), size};
}

void AddFields(const Response& response, WireResponse& wire) {
  if (!response.content_type.empty()) wire.set(field::content_type, response.content_type);
  for (const HeaderField& extra : response.fields) wire.insert(extra.name, extra.value);
}

bool IsControl(char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; }

// The parser takes any byte within quotes. A line feed there ends the line for other parsers, and what follows is then
// a chunk for one and an extension for the other.
void CheckChunkExtension(std::uint64_t /*size*/, beast::string_view extension, beast::error_code& error) {
  if (std::ranges::any_of(extension, IsControl)) error = beast::http::error::bad_chunk_extension;
}

}  // namespace

void PrepareForHeader(WireParser& parser, const ServerLimits& limits) {
  parser.header_limit(static_cast<std::uint32_t>(limits.max_header_bytes));
  // The parser would apply it to a Content-Length already, whether the body is to be read or not.
  parser.body_limit(boost::none);
}

void PrepareForBody(WireParser& parser, std::optional<std::size_t> limit) {
  parser.eager(true);
  parser.on_chunk_header(CheckChunkExtension);
  if (limit) parser.body_limit(*limit);
}

Request ToRequest(const WireRequest& wire) {
  const std::string_view target = OriginForm(wire.target());
  const auto question = target.find('?');
  return {.method = std::string(wire.method_string()),
          .path = std::string(target.starts_with('/') ? target.substr(0, question) : ""),
          .query = std::string(question == std::string_view::npos ? "" : target.substr(question + 1)),
          .accept = Combined(wire, field::accept),
          .accept_encoding = Combined(wire, field::accept_encoding),
          .authorization = Combined(wire, field::authorization)};
}

Response RefuseBytes(const beast::error_code& cause) {
  using beast::http::error;
  if (cause == error::header_limit || cause == error::buffer_overflow) {
    return TextResponse(431, "the header is too large");
  }
  if (cause == error::body_limit) return TextResponse(413, "the body is too large; no path here reads one");
  return TextResponse(400, "bad request: " + cause.message());
}

WireResponse ToWire(const Response& response, const WireOptions& options) {
  WireResponse wire;
  wire.version(options.version);
  wire.result(static_cast<unsigned>(response.status));
  wire.set(field::date, HttpDate());
  AddFields(response, wire);
  std::string_view bytes = response.body ? response.body->bytes() : std::string_view();
  if (response.body && bytes.size() >= options.min_gzip_bytes) {
    wire.insert(field::vary, "Accept-Encoding");
    const std::string_view gzip = PrefersGzip(options.accept_encoding) ? response.body->gzip() : std::string_view();
    if (!gzip.empty()) {
      wire.set(field::content_encoding, "gzip");
      bytes = gzip;
    }
  }
  // RFC 9110, section 8.6: a 204 must have no Content-Length.
  constexpr int kNoContent = 204;
  if (response.status != kNoContent) wire.content_length(bytes.size());
  wire.keep_alive(options.keep_alive);
  if (!options.head) wire.body() = beast::span<const char>(bytes.data(), bytes.size());
  return wire;
}

}  // namespace mqueue::http
