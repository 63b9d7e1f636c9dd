#ifndef DAEMON_TEXT_UTF8_H_
#define DAEMON_TEXT_UTF8_H_

#include <cstddef>
#include <string_view>

namespace mqueue {

/// Bytes of the character at the start of `text`, 1 to 4; 0 when there is none, because `text` is empty or starts with
/// bytes that are not UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t Utf8CharacterSize(std::string_view text);

/// The code point of `character`, which is one whole character as Utf8CharacterSize measures it.
char32_t CodePoint(std::string_view character);

/// Whether all of it is UTF-8. The empty text is.
bool IsUtf8(std::string_view text);

}  // namespace mqueue

#endif  // DAEMON_TEXT_UTF8_H_
