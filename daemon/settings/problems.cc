#include "daemon/settings/problems.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace mqueue::settings {

void Problems::Add(Position at, std::string what) {
  if (++count_ <= kMostKept) kept_.push_back({at, std::move(what)});
}

std::vector<std::string> Problems::Lines(std::string_view file) const {
  std::vector<std::reference_wrapper<const Problem>> sorted(kept_.begin(), kept_.end());
  std::ranges::stable_sort(sorted, {}, &Problem::at);
  std::vector<std::string> lines;
  for (const Problem& problem : sorted) {
    if (lines.size() == kMostShown) break;
    lines.push_back(fmt::format("{}:{}:{}: {}", file, problem.at.line, problem.at.column, problem.what));
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
