#ifndef DAEMON_TEXT_ASCII_H_
#define DAEMON_TEXT_ASCII_H_

#include <algorithm>
#include <string_view>

namespace mqueue {

constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Whether two texts are the same but for the case of ASCII letters, whatever the locale.
constexpr bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, ToLower, ToLower);
}

/// Without the spaces and tabs at both ends (OWS of RFC 9110).
constexpr std::string_view Trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace mqueue

#endif  // DAEMON_TEXT_ASCII_H_
