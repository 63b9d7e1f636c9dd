#ifndef DAEMON_METRICS_APPEND_H_
#define DAEMON_METRICS_APPEND_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace mqueue::metrics {

// Growing a string once a line, and not once a piece of it, is most of what makes rendering fast.

/// Appends up to `most` bytes that `write` puts to the place it is given; it returns the end of what it wrote.
template <typename Write>
void AppendWritten(std::size_t most, std::string& out, Write write) {
  const std::size_t size = out.size();
  out.resize_and_overwrite(
      size + most, [&](char* text, std::size_t) { return static_cast<std::size_t>(write(text + size) - text); });
}

/// A piece of text. A literal keeps its size as a constant, so that it is stored and not copied by a call.
template <std::size_t size>
std::string_view PieceOf(const char (&literal)[size]) {
  return {literal, size - 1};
}
inline std::string_view PieceOf(std::string_view text) { return text; }

/// Writes pieces, which may be literals, one behind the other and returns their end. There is room for them.
template <typename... Piece>
char* WritePieces(char* to, const Piece&... pieces) {
  // Not memcpy, which takes no null pointer, and an empty piece may be one.
  ((to += PieceOf(pieces).copy(to, PieceOf(pieces).size())), ...);
  return to;
}

/// Appends pieces, which may be literals.
template <typename... Piece>
void AppendPieces(std::string& out, const Piece&... pieces) {
  AppendWritten((PieceOf(pieces).size() + ...), out, [&](char* to) { return WritePieces(to, pieces...); });
}

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_APPEND_H_
