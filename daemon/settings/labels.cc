#include "daemon/settings/labels.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "daemon/settings/fields.h"
#include "daemon/settings/scalars.h"

namespace mqueue::settings {
namespace {

// Every label that a family of the exporter has. All are kept free, also those that no per-queue family has today: a
// label that is added to one later must not break a configuration.
constexpr std::string_view kOwnLabels[] = {"age_source", "cgroup",        "code", "comm",   "gid",   "handler",
                                           "id",         "ipc",           "le",   "mode",   "pid",   "priority",
                                           "queue",      "ipc_namespace", "uid",  "reader", "reason"};

bool IsLetter(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return '0' <= c && c <= '9'; }

bool IsLabelName(std::string_view name) {
  return !name.empty() && IsLetter(name.front()) &&
         std::ranges::all_of(name, [](char c) { return IsLetter(c) || IsDigit(c); });
}

// What is wrong with the name; empty when nothing is.
std::string NameFault(std::string_view name) {
  if (!IsLabelName(name)) {
    return fmt::format("{} is no label name; write letters, digits and _, no digit first", Quoted(name));
  }
  if (name.starts_with("__")) return fmt::format("{} is reserved by Prometheus; begin with a letter", Quoted(name));
  if (std::ranges::find(kOwnLabels, name) != std::end(kOwnLabels)) {
    return fmt::format("{} is a label of the exporter's own; write another, such as my_{}", Quoted(name), name);
  }
  return {};
}

}  // namespace

void ReadLabels(const YamlNode& value, std::vector<std::pair<std::string, std::string>>& into, Problems& problems) {
  if (!HasMapping(value, problems)) return;
  for (const YamlNode& label : value.children) {
    if (std::string fault = NameFault(label.key); !fault.empty()) problems.Add(label.key_at, std::move(fault));
    std::string text;
    ReadText(label, "a text, as Prometheus takes an empty label for none", text, problems);
    into.emplace_back(label.key, std::move(text));
  }
}

}  // namespace mqueue::settings
