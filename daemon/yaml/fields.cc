#include "daemon/yaml/fields.h"

#include <fmt/core.h>

#include "daemon/text/nearest.h"
#include "daemon/text/quoted.h"
#include "daemon/yaml/scalars.h"

namespace mqueue::yaml {
namespace {

using Kind = Node::Kind;

bool Has(const Node& value, Kind kind, std::string_view wanted, Problems& problems) {
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

void ReportUnknownKeys(const Node& mapping, std::span<const std::string_view> known, Problems& problems) {
  for (const Node& value : mapping.children) {
    if (std::ranges::find(known, value.key) != known.end()) continue;
    problems.Add(value.key_at, fmt::format("unknown key {}; {}", Quoted(value.key), Suggestion(value.key, known)));
  }
}

const Node* Find(const Node& mapping, std::string_view key) {
  const auto found = std::ranges::find(mapping.children, key, &Node::key);
  return found == mapping.children.end() ? nullptr : &*found;
}

bool HasMapping(const Node& value, Problems& problems) {
  return Has(value, Kind::kMapping, "a mapping of `key: value`", problems);
}

bool HasList(const Node& value, Problems& problems) {
  return Has(value, Kind::kList, "a list, each item behind `- `", problems);
}

}  // namespace mqueue::yaml
