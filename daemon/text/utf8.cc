#include "daemon/text/utf8.h"

namespace mqueue {
namespace {

// A row of RFC 3629's table of well-formed sequences: what the first byte may be, and the second. All others
// are 80..BF.
struct Sequence {
  unsigned char first_low, first_high;
  unsigned char second_low, second_high;
  std::size_t size;
};

constexpr Sequence kSequences[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool IsWithin(char byte, unsigned char low, unsigned char high) {
  const auto value = static_cast<unsigned char>(byte);
  return low <= value && value <= high;
}

bool Matches(const Sequence& row, std::string_view text) {
  if (text.size() < row.size || !IsWithin(text[1], row.second_low, row.second_high)) return false;
  for (std::size_t i = 2; i < row.size; ++i) {
    if (!IsWithin(text[i], 0x80, 0xBF)) return false;
  }
  return true;
}

}  // namespace

std::size_t Utf8CharacterSize(std::string_view text) {
  if (text.empty()) return 0;
  if (IsWithin(text[0], 0x00, 0x7F)) return 1;
  for (const Sequence& row : kSequences) {
    if (IsWithin(text[0], row.first_low, row.first_high)) return Matches(row, text) ? row.size : 0;
  }
  return 0;
}

char32_t CodePoint(std::string_view character) {
  const auto byte = [character](std::size_t i) { return char32_t{static_cast<unsigned char>(character[i])}; };
  if (character.size() == 1) return byte(0);
  // The first byte of a sequence has as many leading ones as the sequence has bytes, and then a zero.
  char32_t code_point = byte(0) & (0x7FU >> character.size());
  for (std::size_t i = 1; i < character.size(); ++i) code_point = code_point << 6 | (byte(i) & 0x3F);
  return code_point;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = Utf8CharacterSize(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace mqueue
