#include "daemon/settings/fields.h"

#include <fmt/core.h>

#include "daemon/settings/scalars.h"
#include "daemon/text/quoted.h"

namespace mqueue::settings {
namespace {

using Kind = YamlNode::Kind;

bool Has(const YamlNode& value, Kind kind, std::string_view wanted, Problems& problems) {
  if (value.kind == kind) return true;
  const std::string subject = value.key.empty() ? "this" : value.key;
  if (value.kind == Kind::kScalar && problems.texts() == Problems::Texts::kSecret) {
    problems.Add(value.at, fmt::format("{} is a text; write {}", subject, wanted));
  } else if (value.kind != Kind::kNull) {
    AddUnfit(value, subject, wanted, problems);
  }
  return false;
}

}  // namespace

std::vector<std::string> Prefixed(std::string_view prefix, std::vector<std::string> keys) {
  for (std::string& key : keys) key.insert(0, prefix);
  return keys;
}

void ReportUnknownKeys(const YamlNode& mapping, std::span<const std::string_view> known, Problems& problems) {
  for (const YamlNode& value : mapping.children) {
    if (std::ranges::find(known, value.key) != known.end()) continue;
    problems.Add(value.key_at, fmt::format("unknown key {}; {}", Quoted(value.key), Suggestion(value.key, known)));
  }
}

const YamlNode* Find(const YamlNode& mapping, std::string_view key) {
  const auto found = std::ranges::find(mapping.children, key, &YamlNode::key);
  return found == mapping.children.end() ? nullptr : &*found;
}

bool HasMapping(const YamlNode& value, Problems& problems) {
  return Has(value, Kind::kMapping, "a mapping of `key: value`", problems);
}

bool HasList(const YamlNode& value, Problems& problems) {
  return Has(value, Kind::kList, "a list, each item behind `- `", problems);
}

}  // namespace mqueue::settings
