#include "daemon/settings/load.h"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "daemon/settings/rule_list.h"
#include "daemon/settings/scalars.h"
#include "daemon/yaml/fields.h"
#include "daemon/yaml/scalars.h"

namespace mqueue::settings {
namespace {

using yaml::Field;
using yaml::KeysOf;
using yaml::Node;
using yaml::Prefixed;
using yaml::Problems;
using yaml::Range;

constexpr Range<std::uint64_t> kMaxMessages{1, 65536};

constexpr Field<MaxMessages> kMaxMessagesFields[] = {
    {"fcntl", [](auto& v, auto& s, auto& p) { ReadInteger(v, kMaxMessages, s.fcntl, p); }},
    {"syscall", [](auto& v, auto& s, auto& p) { ReadInteger(v, kMaxMessages, s.syscall, p); }},
    {"msg_copy", [](auto& v, auto& s, auto& p) { ReadInteger(v, kMaxMessages, s.msg_copy, p); }},
};

constexpr Field<Peek> kPeekFields[] = {
    {"max_messages",
     [](auto& v, auto& s, auto& p) { yaml::ReadMapping<MaxMessages>(v, kMaxMessagesFields, s.max_messages, p); },
     [] { return Prefixed(".", KeysOf<MaxMessages>(kMaxMessagesFields)); }},
    {"cpu_budget", [](auto& v, auto& s, auto& p) { ReadNumber(v, {0.001, 1}, s.cpu_budget, p); }},
};

constexpr Field<ExactPriorities> kExactPrioritiesFields[] = {
    {"enabled", [](auto& v, auto& s, auto& p) { ReadBool(v, s.enabled, p); }},
    {"max", [](auto& v, auto& s, auto& p) { ReadInteger(v, {1, 32768}, s.max, p); }},
};

constexpr Field<Limits> kLimitsFields[] = {
    {"max_queues", [](auto& v, auto& s, auto& p) { ReadInteger(v, {1, 100000}, s.max_queues, p); }},
};

QueuePolicy Inherited(const Settings& settings) { return {.interval = settings.interval, .reader = settings.reader}; }

// `queues` stands behind what its rules inherit.
constexpr Field<Settings> kFields[] = {
    {"interval",
     [](auto& v, auto& s, auto& p) { ReadDuration(v, {kShortestInterval, kLongestInterval}, s.interval, p); }},
    {"reader", [](auto& v, auto& s, auto& p) { ReadReader(v, s.reader, p); }},
    {"namespaces", [](auto& v, auto& s, auto& p) { ReadNamespaces(v, s.namespaces, p); }},
    {"queues", [](auto& v, auto& s, auto& p) { s.queues.rules = ReadRules(v, Inherited(s), p); }, RuleKeys},
    {"peek", [](auto& v, auto& s, auto& p) { yaml::ReadMapping<Peek>(v, kPeekFields, s.peek, p); },
     [] { return Prefixed(".", KeysOf<Peek>(kPeekFields)); }},
    {"exact_priorities",
     [](auto& v, auto& s, auto& p) {
       yaml::ReadMapping<ExactPriorities>(v, kExactPrioritiesFields, s.exact_priorities, p);
     },
     [] { return Prefixed(".", KeysOf<ExactPriorities>(kExactPrioritiesFields)); }},
    {"limits", [](auto& v, auto& s, auto& p) { yaml::ReadMapping<Limits>(v, kLimitsFields, s.limits, p); },
     [] { return Prefixed(".", KeysOf<Limits>(kLimitsFields)); }},
};

Settings Read(const Node& root, Problems& problems) {
  Settings settings;
  yaml::ReadMapping<Settings>(root, kFields, settings, problems);
  settings.queues.fallback = std::make_shared<const QueuePolicy>(Inherited(settings));
  return settings;
}

}  // namespace

std::expected<Settings, LoadErrors> ParseSettings(std::string_view text, std::string_view file) {
  Problems problems;
  Settings settings;
  if (const std::optional<Node> root = yaml::Parse(text, problems)) settings = Read(*root, problems);
  if (!problems.empty()) return std::unexpected(problems.Lines(file));
  settings.warnings = problems.Warnings(file);
  return settings;
}

std::expected<Settings, LoadErrors> LoadSettings(const yaml::ConfigFile& file) {
  const std::expected<std::string, std::string> text = yaml::ReadConfigFile(file);
  if (!text) return std::unexpected(LoadErrors{text.error()});
  auto settings = ParseSettings(*text, file.path);
  if (settings && yaml::IsPipe(file.path)) {
    settings->warnings.push_back(file.path +
                                 ": is a pipe, so a reload cannot read it again; restart the exporter for a new "
                                 "configuration, or give the path of a file");
  }
  return settings;
}

std::vector<std::string> KnownKeys() { return KeysOf<Settings>(kFields); }

}  // namespace mqueue::settings
