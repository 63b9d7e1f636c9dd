#include "daemon/settings/problems.h"

#include <fmt/core.h>

#include <utility>

namespace mqueue::settings {

void Problems::Add(Position at, std::string what) {
  if (++count_ <= kMostKept) kept_.emplace(at, std::move(what));
}

std::vector<std::string> Problems::Lines(std::string_view file) const {
  std::vector<std::string> lines;
  for (const auto& [at, what] : kept_) {
    if (lines.size() == kMostShown) break;
    lines.push_back(fmt::format("{}:{}:{}: {}", file, at.line, at.column, what));
  }
  if (count_ > lines.size()) lines.push_back(fmt::format("{}: {} more like these", file, count_ - lines.size()));
  return lines;
}

std::string Quoted(std::string_view text) {
  constexpr std::size_t kMostBytes = 80;
  if (text.size() <= kMostBytes) return fmt::format("{:?}", text);
  return fmt::format("{:?}...", text.substr(0, kMostBytes));
}

}  // namespace mqueue::settings
