#include "daemon/text/printable_name.h"

#include <algorithm>

#include "daemon/text/utf8.h"

namespace mqueue {
namespace {

struct Range {
  char32_t first, last;
};

// Unicode's categories Cc, Zl and Zp, and the property Bidi_Control.
constexpr Range kControls[] = {
    {0x00, 0x1F},      // C0
    {0x7F, 0x9F},      // DEL and C1: a terminal reads U+009B as the start of a command
    {0x061C, 0x061C},  // the Arabic letter mark
    {0x200E, 0x200F},  // marks that set the direction of the text beside them
    {0x2028, 0x202E},  // line and paragraph separator, embeddings and overrides of direction
    {0x2066, 0x2069},  // isolates
};

bool IsControl(std::string_view character) {
  const char32_t code_point = CodePoint(character);
  return std::ranges::any_of(
      kControls, [code_point](const Range& range) { return range.first <= code_point && code_point <= range.last; });
}

bool StaysAsItIs(std::string_view character) {
  return character == "\n" || (!character.empty() && character != "\\" && !IsControl(character));
}

void AppendHex(char byte, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  out += "\\x";
  out += kDigits[value >> 4];
  out += kDigits[value & 0xF];
}

constexpr std::size_t kSequenceSize = 4;

// Where the first `\x20` to `\x7e` begins that is not `\x5c`, in lower case; npos if there is none.
std::size_t FindVisibleSequence(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (auto at = text.find("\\x"); at != std::string_view::npos; at = text.find("\\x", at + 1)) {
    if (text.size() - at < kSequenceSize) break;
    const auto high = kDigits.find(text[at + 2]);
    const auto low = kDigits.find(text[at + 3]);
    if (high == std::string_view::npos || low == std::string_view::npos) continue;
    const auto byte = high * kDigits.size() + low;
    if (byte >= 0x20 && byte < 0x7F && byte != '\\') return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::string PrintableName(std::string_view name) {
  std::string result;
  result.reserve(name.size());
  while (!name.empty()) {
    const std::string_view character = name.substr(0, Utf8CharacterSize(name));
    if (StaysAsItIs(character)) {
      result += character;
      name.remove_prefix(character.size());
    } else {
      AppendHex(name.front(), result);
      name.remove_prefix(1);
    }
  }
  return result;
}

std::string PrintableCgroup(std::string_view path) {
  std::string result;
  for (auto at = FindVisibleSequence(path); at != std::string_view::npos; at = FindVisibleSequence(path)) {
    result += PrintableName(path.substr(0, at));
    result += path.substr(at, kSequenceSize);
    path.remove_prefix(at + kSequenceSize);
  }
  return result + PrintableName(path);
}

}  // namespace mqueue
