#include "daemon/http/framing.h"

#include <algorithm>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>
#include <optional>

#include "daemon/text/ascii.h"
#include "daemon/text/parse_number.h"

namespace mqueue::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;
using beast::http::verb;

constexpr unsigned kHttp11 = 11;

// RFC 3986's host and port, without a check of their grammar. Holds no space, slash, at sign or question mark.
bool IsHostCharacter(char c) {
  constexpr std::string_view kPunctuation = "-._~%!$&'()*+,;=:[]";
  const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return alphanumeric || kPunctuation.find(c) != std::string_view::npos;
}

std::optional<std::string> HostObstacle(const WireRequest& request) {
  const auto hosts = request.count(field::host);
  if (hosts > 1 || (hosts == 0 && request.version() >= kHttp11)) return "there must be one Host field";
  if (!std::ranges::all_of(request[field::host], IsHostCharacter)) return "the Host field names no host";
  return std::nullopt;
}

// For the other methods a body has no meaning (RFC 9110, section 9.3), or no path here serves them.
bool MayNeedBody(verb method) { return method == verb::post || method == verb::put; }

AfterHeader BodyOf(const WireRequest& request) {
  return MayNeedBody(request.method()) ? AfterHeader::kBody : AfterHeader::kUnreadBody;
}

std::expected<AfterHeader, std::string> JudgeTransferEncoding(const WireRequest& request) {
  if (request.version() < kHttp11) return std::unexpected("HTTP/1.0 has no Transfer-Encoding");
  if (request.count(field::content_length) > 0) {
    return std::unexpected("there is a Content-Length beside the Transfer-Encoding");
  }
  if (request.count(field::transfer_encoding) > 1 ||
      !EqualsIgnoringCase(request[field::transfer_encoding], "chunked")) {
    return std::unexpected("Transfer-Encoding must be \"chunked\"");
  }
  return BodyOf(request);
}

std::expected<AfterHeader, std::string> JudgeContentLength(const WireRequest& request) {
  const auto length = ParseNumber<std::uint64_t>(request[field::content_length]);
  if (request.count(field::content_length) > 1 || !length) {
    return std::unexpected("Content-Length must be one number");
  }
  return *length == 0 ? AfterHeader::kNextRequest : BodyOf(request);
}

}  // namespace

std::expected<AfterHeader, std::string> JudgeHeader(const WireRequest& request) {
  if (auto obstacle = HostObstacle(request)) return std::unexpected(*std::move(obstacle));
  if (request.count(field::transfer_encoding) > 0) return JudgeTransferEncoding(request);
  if (request.count(field::content_length) > 0) return JudgeContentLength(request);
  return AfterHeader::kNextRequest;
}

bool HasFoldedField(std::string_view consumed) {
  return consumed.find("\r\n ") != std::string_view::npos || consumed.find("\r\n\t") != std::string_view::npos;
}

bool ExpectsContinue(const WireRequest& request) {
  return request.version() >= kHttp11 && EqualsIgnoringCase(request[field::expect], "100-continue");
}

}  // namespace mqueue::http
