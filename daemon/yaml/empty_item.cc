#include "daemon/yaml/empty_item.h"

#include <algorithm>

namespace mqueue::yaml {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::string_view kBlanks = " \t\r";

// The words that YAML reads as null.
constexpr std::string_view kNulls[] = {"~", "null", "Null", "NULL"};

bool IsWrittenOut(std::string_view rest) {
  const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n,]}"));
  return std::ranges::find(kNulls, word) != std::end(kNulls);
}

// A comment begins at a # that is first in the line or follows a blank.
std::string_view WithoutComment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != kNone; at = line.find('#', at + 1)) {
    if (at == 0 || kBlanks.find(line[at - 1]) != kNone) return line.substr(0, at);
  }
  return line;
}

// The offset of the last dash before `end`, across lines that are empty or hold only a comment.
std::size_t DashBefore(std::string_view text, std::size_t end) {
  for (;;) {
    const std::size_t newline = end == 0 ? kNone : text.rfind('\n', end - 1);
    const std::size_t start = newline == kNone ? 0 : newline + 1;
    const std::string_view line = WithoutComment(text.substr(start, end - start));
    if (const std::size_t dash = line.rfind('-'); dash != kNone) return start + dash;
    if (newline == kNone || line.find_first_not_of(kBlanks) != kNone) return kNone;
    end = newline;
  }
}

}  // namespace

Position EmptyItemAt(std::string_view text, const Mark& mark) {
  const std::string_view rest = text.substr(std::min(mark.offset, text.size()));
  if (IsWrittenOut(rest) || rest.starts_with(',') || rest.starts_with(']')) return mark.at;
  const std::size_t end = text.size() - rest.size();
  const std::size_t dash = DashBefore(text, end);
  if (dash == kNone) return mark.at;
  // The parser may have gone past the end of the text, so lines are counted from there back.
  const auto lines = static_cast<std::size_t>(std::ranges::count(text.substr(dash, end - dash), '\n'));
  const std::size_t newline = dash == 0 ? kNone : text.rfind('\n', dash - 1);
  const std::size_t start = newline == kNone ? 0 : newline + 1;
  const auto beyond = static_cast<std::size_t>(mark.offset > text.size() ? 1 : 0);
  return {mark.at.line - lines - beyond, dash - start + 1};
}

}  // namespace mqueue::yaml
