#include "daemon/settings/rule_list.h"

#include <fmt/core.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/settings/labels.h"
#include "daemon/settings/pattern.h"
#include "daemon/settings/scalars.h"
#include "daemon/settings/settings.h"
#include "daemon/text/quoted.h"
#include "daemon/yaml/fields.h"

namespace mqueue::settings {
namespace {

using yaml::Field;
using yaml::Node;
using yaml::Problems;
using yaml::Range;

constexpr Range<std::chrono::milliseconds> kIntervals{kShortestInterval, kLongestInterval};
constexpr std::size_t kMostBuckets = 64;
// The greatest power of two up to which every whole number is a double, which `le` is.
constexpr std::uint64_t kGreatestBucket = std::uint64_t{1} << 53;

// A rule while it is read.
struct Draft {
  QueueRule rule;
  QueuePolicy policy;
};

void ReadPattern(const Node& value, QueueRule::Syntax syntax, QueueRule& into, Problems& problems) {
  ReadText(value, "a pattern for names of queues", into.pattern, problems);
  into.syntax = syntax;
}

void ReadBuckets(const Node& value, std::vector<std::uint64_t>& into, Problems& problems) {
  if (!HasList(value, problems)) return;
  into.clear();
  if (value.children.size() > kMostBuckets) {
    problems.Add(value.at,
                 fmt::format("{} has {} bounds; write at most {}", value.key, value.children.size(), kMostBuckets));
  }
  for (const Node& item : value.children) {
    if (!into.empty() && into.back() == kGreatestBucket) {
      return problems.Add(item.at, fmt::format("{} is the greatest bound; leave out what follows it", kGreatestBucket));
    }
    const std::uint64_t low = into.empty() ? 0 : into.back() + 1;
    const auto bound = IntegerIn(item, {low, kGreatestBucket});
    if (!bound) {
      return AddNotBare(item, "this bound",
                        fmt::format("a whole number from {} to {}, greater than the one before", low, kGreatestBucket),
                        problems);
    }
    into.push_back(*bound);
  }
}

constexpr Field<Draft> kRuleFields[] = {
    {"match", [](auto& v, auto& d, auto& p) { ReadPattern(v, QueueRule::Syntax::kGlob, d.rule, p); }},
    {"regex", [](auto& v, auto& d, auto& p) { ReadPattern(v, QueueRule::Syntax::kRegex, d.rule, p); }},
    {"ipc", [](auto& v, auto& d, auto& p) { ReadIpc(v, d.rule.ipc, p); }},
    {"interval", [](auto& v, auto& d, auto& p) { ReadDuration(v, kIntervals, d.policy.interval, p); }},
    {"labels", [](auto& v, auto& d, auto& p) { ReadLabels(v, d.policy.labels, p); }},
    {"priority_buckets", [](auto& v, auto& d, auto& p) { ReadBuckets(v, d.policy.priority_buckets, p); }},
    {"reader", [](auto& v, auto& d, auto& p) { ReadReader(v, d.policy.reader, p); }},
    {"exclude", [](auto& v, auto& d, auto& p) { ReadBool(v, d.rule.exclude, p); }},
};

// What has no effect on a queue that is not watched.
constexpr std::string_view kPolicyKeys[] = {"interval", "labels", "priority_buckets", "reader"};

void CheckPattern(const Node& node, const QueueRule& rule, Problems& problems) {
  if (node.kind != Node::Kind::kMapping && node.kind != Node::Kind::kNull) return;  // reported as such
  const Node* glob = Find(node, "match");
  const Node* regex = Find(node, "regex");
  if ((glob == nullptr) == (regex == nullptr)) {
    const char* number = glob == nullptr ? "neither match nor regex" : "both match and regex";
    return problems.Add(node.at, fmt::format("this rule has {}; write one of them", number));
  }
  if (rule.pattern.empty()) return;  // reported when it was read
  const Node& pattern = glob != nullptr ? *glob : *regex;
  const std::string fault = glob != nullptr ? GlobFault(rule.pattern, rule.ipc) : RegexFault(rule.pattern, rule.ipc);
  if (!fault.empty()) problems.Add(pattern.at, fmt::format("{} {}: {}", pattern.key, Quoted(rule.pattern), fault));
}

std::string ReadersFor(Ipc ipc) {
  std::string names = "auto";
  for (const ReaderDescription& reader : kReaderDescriptions) {
    if (Serves(reader.kind, ipc)) names += fmt::format(", {}", reader.name);
  }
  return names;
}

void CheckReader(const Node& node, Draft& draft, Problems& problems) {
  const std::optional<ReaderKind> reader = draft.policy.reader;
  const std::optional<Ipc> ipc = draft.rule.ipc;
  if (!reader || !ipc || Serves(*reader, *ipc)) return;
  draft.policy.reader.reset();
  const Node* own = Find(node, "reader");
  if (own == nullptr) return;
  problems.Add(own->at, fmt::format("reader {} cannot look into {} queues; write one of {}", ToString(*reader),
                                    ToString(*ipc), ReadersFor(*ipc)));
}

void CheckExclusion(const Node& node, const QueueRule& rule, Problems& problems) {
  if (!rule.exclude) return;
  for (const std::string_view key : kPolicyKeys) {
    const Node* value = Find(node, key);
    if (value == nullptr) continue;
    problems.Add(value->key_at, fmt::format("{} has no effect beside exclude: true; remove one of them", key));
  }
}

bool MatchesEveryName(const QueueRule& rule) {
  return rule.syntax == QueueRule::Syntax::kGlob && !rule.pattern.empty() &&
         rule.pattern.find_first_not_of('*') == std::string::npos;
}

QueueRule ReadRule(const Node& node, const QueuePolicy& inherited, Problems& problems) {
  Draft draft{.rule = {}, .policy = inherited};
  yaml::ReadMapping<Draft>(node, kRuleFields, draft, problems);
  CheckPattern(node, draft.rule, problems);
  CheckReader(node, draft, problems);
  CheckExclusion(node, draft.rule, problems);
  draft.policy.named = !MatchesEveryName(draft.rule);
  draft.rule.policy = std::make_shared<const QueuePolicy>(std::move(draft.policy));
  return std::move(draft.rule);
}

void CheckReachable(const Node& node, const std::vector<QueueRule>& before, Problems& problems) {
  if (before.empty() || before.back().ipc || !MatchesEveryName(before.back())) return;
  problems.Add(node.at, "no queue comes to this rule, as the one before matches every queue; move that to the end");
}

}  // namespace

std::vector<QueueRule> ReadRules(const Node& list, const QueuePolicy& inherited, Problems& problems) {
  std::vector<QueueRule> rules;
  if (!HasList(list, problems)) return rules;
  for (const Node& node : list.children) {
    CheckReachable(node, rules, problems);
    rules.push_back(ReadRule(node, inherited, problems));
  }
  return rules;
}

std::vector<std::string> RuleKeys() { return yaml::Prefixed("[].", yaml::KeysOf<Draft>(kRuleFields)); }

}  // namespace mqueue::settings
