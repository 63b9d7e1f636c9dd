#include "daemon/queue/printable_name.h"

#include "daemon/queue/utf8.h"

namespace mqueue {
namespace {

bool IsControl(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  // U+0080 to U+009F: a terminal takes U+009B for the start of a command.
  return character.size() == 2 && first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
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
