#include "daemon/settings/source_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>

namespace mqueue::settings {
namespace {

// A form of UTF-8: its first byte's range and the range of the second, which keeps out overlong forms, surrogates and
// what lies above U+10FFFF (Unicode 15, table 3-7).
struct Form {
  unsigned char first_low, first_high, second_low, second_high;
  std::size_t length;
};

constexpr Form kForms[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool Within(char byte, unsigned char low, unsigned char high) {
  const auto value = static_cast<unsigned char>(byte);
  return low <= value && value <= high;
}

bool Fits(std::string_view text, const Form& form) {
  if (text.size() < form.length || !Within(text[0], form.first_low, form.first_high)) return false;
  return Within(text[1], form.second_low, form.second_high) &&
         std::ranges::all_of(text.substr(2, form.length - 2), [](char byte) { return Within(byte, 0x80, 0xBF); });
}

// Bytes of the character at the front of `text`, which is not empty; 0 when there is none.
std::size_t CharacterLength(std::string_view text) {
  if (Within(text[0], 0x00, 0x7F)) return 1;
  const auto* form = std::ranges::find_if(kForms, [text](const Form& candidate) { return Fits(text, candidate); });
  return form == std::end(kForms) ? 0 : form->length;
}

bool IsForbiddenControl(char byte) {
  return (Within(byte, 0x00, 0x1F) && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

bool IsIndentation(std::string_view before) { return before.find_first_not_of(' ') == std::string_view::npos; }

// What is wrong with the character at `offset` of `line`; empty when nothing is.
std::string Fault(std::string_view line, std::size_t offset) {
  const auto byte = static_cast<unsigned char>(line[offset]);
  if (CharacterLength(line.substr(offset)) == 0) return fmt::format("byte {:#04x} is not UTF-8; save as UTF-8", byte);
  if (IsForbiddenControl(line[offset])) return fmt::format("control character {:#04x}; remove it", byte);
  if (line[offset] == '%' && offset == 0) return "YAML directive; leave the line out";
  if (line[offset] == '\t' && IsIndentation(line.substr(0, offset)))
    return "tab in the indentation; indent with spaces";
  return {};
}

bool CheckLine(std::string_view line, std::size_t number, Problems& problems) {
  for (std::size_t offset = 0; offset < line.size(); offset += CharacterLength(line.substr(offset))) {
    const std::string fault = Fault(line, offset);
    if (fault.empty()) continue;
    problems.Add({number, offset + 1}, fault);
    return false;
  }
  return true;
}

}  // namespace

bool CheckSourceText(std::string_view text, Problems& problems) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    if (!CheckLine(text.substr(0, end), number, problems)) return false;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return true;
}

}  // namespace mqueue::settings
