#ifndef DAEMON_HTTP_FRAMING_H_
#define DAEMON_HTTP_FRAMING_H_

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "daemon/http/wire.h"

namespace mqueue::http {

/// What the bytes after a request's header are.
enum class AfterHeader : std::uint8_t {
  /// The request has no body: the next request.
  kNextRequest,
  /// A body. The server reads and discards it; the next request follows.
  kBody,
  /// A body that no request of this method needs. The server answers without reading it and closes: it parses nothing
  /// after this header.
  kUnreadBody,
};

/// Decides from a parsed header where the request ends. The error is the reason why that is ambiguous, or why the
/// header is otherwise malformed (RFC 9112, sections 3.2 and 6): answer 400, close, and parse nothing after this
/// header. The parser accepts more than this function does: it takes a request with an unknown transfer coding for one
/// without a body.
std::expected<AfterHeader, std::string> JudgeHeader(const WireRequest& request);

/// Whether `consumed`, bytes of a header as the client sent them, continues a field on the next line (obs-fold).
/// Proxies disagree about such a field; the parser accepts it and hides that it was folded.
bool HasFoldedField(std::string_view consumed);

/// Whether the client waits for "100 Continue" before it sends the body.
bool ExpectsContinue(const WireRequest& request);

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_FRAMING_H_
