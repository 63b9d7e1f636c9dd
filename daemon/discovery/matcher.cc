#include "daemon/discovery/matcher.h"

#include <fnmatch.h>
#include <re2/re2.h>

#include "daemon/text/utf8.h"

namespace mqueue::discovery {
namespace {

std::unique_ptr<re2::RE2> Compile(const QueueRule& rule, re2::RE2::CannedOptions encoding) {
  if (rule.syntax != QueueRule::Syntax::kRegex) return nullptr;
  re2::RE2::Options options(encoding);
  options.set_log_errors(false);
  return std::make_unique<re2::RE2>(rule.pattern, options);
}

}  // namespace

Matcher::Matcher(QueueRules rules) : rules_(std::move(rules)) {
  regexes_.reserve(rules_.rules.size());
  for (const QueueRule& rule : rules_.rules) {
    Regex& regex = regexes_.emplace_back();
    regex.characters = Compile(rule, re2::RE2::DefaultOptions);
    regex.bytes = Compile(rule, re2::RE2::Latin1);
  }
}

Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

std::shared_ptr<const QueuePolicy> Matcher::PolicyOf(const QueueRef& queue) const {
  for (std::size_t i = 0; i < rules_.rules.size(); ++i) {
    if (Matches(i, queue)) return rules_.rules[i].exclude ? nullptr : rules_.rules[i].policy;
  }
  return rules_.fallback;
}

bool Matcher::Matches(std::size_t index, const QueueRef& queue) const {
  const QueueRule& rule = rules_.rules[index];
  if (rule.ipc && *rule.ipc != queue.ipc) return false;
  if (rule.syntax == QueueRule::Syntax::kRegex) {
    const Regex& regex = regexes_[index];
    return re2::RE2::PartialMatch(queue.name, IsUtf8(queue.name) ? *regex.characters : *regex.bytes);
  }
  return ::fnmatch(rule.pattern.c_str(), queue.name.c_str(), 0) == 0;
}

}  // namespace mqueue::discovery
