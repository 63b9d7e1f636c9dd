#ifndef DAEMON_TEXT_PARSE_NUMBER_H_
#define DAEMON_TEXT_PARSE_NUMBER_H_

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace mqueue {

/// The decimal number that the whole of the text is, if it is one and fits.
template <typename T>
std::optional<T> ParseNumber(std::string_view text) {
  T number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace mqueue

#endif  // DAEMON_TEXT_PARSE_NUMBER_H_
