#include "daemon/yaml/source_text.h"

#include <fmt/core.h>

#include <cstddef>
#include <string>

#include "daemon/text/utf8.h"

namespace mqueue::yaml {
namespace {

bool IsForbiddenControl(unsigned char byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

bool IsIndentation(std::string_view before) { return before.find_first_not_of(' ') == std::string_view::npos; }

// What is wrong with the character at `offset` of `line`; empty when nothing is.
std::string Fault(std::string_view line, std::size_t offset) {
  const auto byte = static_cast<unsigned char>(line[offset]);
  if (Utf8CharacterSize(line.substr(offset)) == 0) return fmt::format("byte {:#04x} is not UTF-8; save as UTF-8", byte);
  if (IsForbiddenControl(byte)) return fmt::format("control character {:#04x}; remove it", byte);
  if (line[offset] == '%' && offset == 0) return "YAML directive; leave the line out";
  if (line[offset] == '\t' && IsIndentation(line.substr(0, offset)))
    return "tab in the indentation; indent with spaces";
  return {};
}

bool CheckLine(std::string_view line, std::size_t number, Problems& problems) {
  for (std::size_t offset = 0; offset < line.size(); offset += Utf8CharacterSize(line.substr(offset))) {
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

}  // namespace mqueue::yaml
