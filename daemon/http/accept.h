#ifndef DAEMON_HTTP_ACCEPT_H_
#define DAEMON_HTTP_ACCEPT_H_

#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace mqueue::http {

/// Thousandths of the q-value of RFC 9110, section 12.4.2: 0 forbids, 1000 is what an absent q means.
using Quality = int;

/// One element of an Accept-like header field. Views into the field's value.
struct AcceptItem {
  /// "text/plain", "gzip", "*", …: as the client wrote it. Compare it without regard to case.
  std::string_view value;
  /// Name and value, without quotes and without q.
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
  Quality quality = 1000;
};

/// The elements of an Accept-like field in the client's order. What is malformed, an element with a broken q among it,
/// is left out; nothing fails.
std::vector<AcceptItem> ParseAccept(std::string_view field);

/// Whether the client wants gzip rather than the bytes as they are, by the value of its Accept-Encoding; an empty one
/// asks for nothing.
bool PrefersGzip(std::string_view accept_encoding);

/// A media type that a resource can be had in.
struct MediaType {
  /// "text/plain"
  std::string_view name;
  /// {"version", "0.0.4"}, …
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
};

/// The index of the offer that the client likes best by its Accept field; among equals the first. An empty field
/// accepts everything. An element speaks of an offer when the type matches and no parameter that both have differs
/// (`version=2.0.0` does not accept an offer of version 1.0.0; a parameter that the offer does not have is not looked
/// at); the most specific element that speaks of an offer decides. Nothing when every offer is refused.
std::optional<std::size_t> ChooseMediaType(std::string_view accept, std::span<const MediaType> offers);

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_ACCEPT_H_
