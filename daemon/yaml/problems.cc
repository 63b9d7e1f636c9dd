#include "daemon/yaml/problems.h"

#include <fmt/core.h>

#include <utility>

namespace mqueue::yaml {
namespace {

std::vector<std::string> FirstLines(const std::multimap<Position, std::string>& all, std::string_view file) {
  std::vector<std::string> lines;
  for (const auto& [at, what] : all) {
    if (lines.size() == Problems::kMostShown) break;
    lines.push_back(fmt::format("{}:{}:{}: {}", file, at.line, at.column, what));
  }
  return lines;
}

}  // namespace

void Problems::Add(Position at, std::string what) {
  if (++count_ <= kMostKept) kept_.emplace(at, std::move(what));
}

void Problems::Warn(Position at, std::string what) {
  if (warnings_.size() < kMostKept) warnings_.emplace(at, std::move(what));
}

Errors Problems::Lines(std::string_view file) const {
  Errors lines = FirstLines(kept_, file);
  if (count_ > lines.size()) lines.push_back(fmt::format("{}: {} more like these", file, count_ - lines.size()));
  return lines;
}

std::vector<std::string> Problems::Warnings(std::string_view file) const { return FirstLines(warnings_, file); }

}  // namespace mqueue::yaml
