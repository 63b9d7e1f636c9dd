#include "daemon/settings/labels.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "daemon/settings/scalars.h"
#include "daemon/text/quoted.h"
#include "daemon/yaml/fields.h"

namespace mqueue::settings {
namespace {

using yaml::Node;
using yaml::Problems;

// Every label that a family of the exporter has. All are kept free, also those that no per-queue family has today: a
// label that is added to one later must not break a configuration.
constexpr std::string_view kOwnLabels[] = {"age_source", "cgroup",        "code", "comm",   "gid",    "handler",
                                           "id",         "ipc",           "le",   "mode",   "pid",    "priority",
                                           "queue",      "ipc_namespace", "uid",  "reader", "reason", "read_interval"};

// The label of a summary's quantiles. Some queries and recording rules give it a meaning wherever it stands.
constexpr std::string_view kReserved[] = {"quantile"};

// The labels that Prometheus sets on every series of a target.
constexpr std::string_view kOfTheTarget[] = {"job", "instance"};

bool IsOneOf(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

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
  if (IsOneOf(name, kReserved)) {
    return fmt::format("{} is reserved by Prometheus; write another, such as my_{}", Quoted(name), name);
  }
  if (IsOneOf(name, kOwnLabels)) {
    return fmt::format("{} is a label of the exporter's own; write another, such as my_{}", Quoted(name), name);
  }
  return {};
}

void CheckSize(const Node& value, Problems& problems) {
  if (value.children.size() > kMostLabels) {
    problems.Add(value.at,
                 fmt::format("{} has {} labels; write at most {}", value.key, value.children.size(), kMostLabels));
  }
  std::size_t bytes = 0;
  for (const Node& label : value.children) {
    bytes += label.key.size() + label.text.size();
    if (bytes <= kMostLabelBytes) continue;
    return problems.Add(label.key_at,
                        fmt::format("names and values of {} have more than {} bytes up to this one; shorten them",
                                    value.key, kMostLabelBytes));
  }
}

}  // namespace

void ReadLabels(const Node& value, std::vector<std::pair<std::string, std::string>>& into, Problems& problems) {
  if (!HasMapping(value, problems)) return;
  CheckSize(value, problems);
  for (const Node& label : value.children) {
    if (std::string fault = NameFault(label.key); !fault.empty()) problems.Add(label.key_at, std::move(fault));
    if (IsOneOf(label.key, kOfTheTarget)) {
      problems.Warn(label.key_at,
                    fmt::format("Prometheus sets {0} itself and renames this label to exported_{0}; write "
                                "another name, or honor_labels: true in its scrape configuration",
                                label.key));
    }
    std::string text;
    ReadText(label, "a text, as Prometheus takes an empty label for none", text, problems);
    into.emplace_back(label.key, std::move(text));
  }
}

}  // namespace mqueue::settings
