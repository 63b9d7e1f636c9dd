#include "daemon/settings/flags.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "daemon/settings/flag_table.h"
#include "daemon/text/nearest.h"
#include "daemon/text/quoted.h"

namespace mqueue::settings {
namespace {

using Result = std::expected<void, std::string>;

constexpr std::string_view kDashes = "--";
constexpr std::string_view kNegation = "no-";

// One word of the command line, taken apart.
struct Word {
  const FlagSpec* flag = nullptr;
  bool negated = false;
  // What stands behind the equals sign.
  std::optional<std::string_view> value;
};

const FlagSpec* FindFlag(std::string_view name) {
  const std::span<const FlagSpec> table = FlagTable();
  const auto found = std::ranges::find(table, name, &FlagSpec::name);
  return found == table.end() ? nullptr : &*found;
}

std::string UnknownFlag(std::string_view name) {
  std::vector<std::string_view> names;
  std::ranges::transform(FlagTable(), std::back_inserter(names), &FlagSpec::name);
  const std::string_view nearest = Nearest(name, names);
  const std::string hint = nearest.empty() ? "--help lists all" : fmt::format("did you mean --{}?", nearest);
  return fmt::format("unknown flag {}; {}", Quoted(fmt::format("--{}", name)), hint);
}

std::expected<Word, std::string> TakeApart(std::string_view text) {
  if (text == "-h") text = "--help";
  if (!text.starts_with(kDashes) || text == kDashes) {
    return std::unexpected(fmt::format("unexpected argument {}; write settings as --flag=value", Quoted(text)));
  }
  text.remove_prefix(kDashes.size());
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  Word word{.flag = FindFlag(name)};
  if (equals != std::string_view::npos) word.value = text.substr(equals + 1);
  if (word.flag == nullptr && name.starts_with(kNegation)) {
    word.flag = FindFlag(name.substr(kNegation.size()));
    word.negated = true;
  }
  if (word.flag == nullptr) return std::unexpected(UnknownFlag(name));
  return word;
}

// Goes through the command line once.
class Parser {
 public:
  explicit Parser(std::span<const char* const> arguments) : rest_(arguments) { flags_.listen_addresses.clear(); }

  std::expected<Flags, std::string> Run() {
    while (!rest_.empty() && !flags_.help && !flags_.version) {
      const std::expected<Word, std::string> word = TakeApart(Next());
      const Result result = word ? Take(*word) : std::unexpected(word.error());
      if (!result) return std::unexpected(result.error());
    }
    if (flags_.listen_addresses.empty()) flags_.listen_addresses = Flags().listen_addresses;
    return std::move(flags_);
  }

 private:
  std::string_view Next() {
    const std::string_view text = rest_.front();
    rest_ = rest_.subspan(1);
    return text;
  }

  bool NextIsValue() const { return !rest_.empty() && !std::string_view(rest_.front()).starts_with(kDashes); }

  Result Take(const Word& word) {
    const FlagSpec& flag = *word.flag;
    if (!flag.repeatable && !seen_.insert(&flag).second) {
      return std::unexpected(fmt::format("--{} is given twice; once is enough", flag.name));
    }
    return flag.IsSwitch() ? TakeSwitch(word) : TakeValue(word);
  }

  Result TakeSwitch(const Word& word) {
    const std::string_view name = word.flag->name;
    if (word.value) return std::unexpected(fmt::format("--{0} takes no value; write --{0} or --no-{0}", name));
    return Set(*word.flag, word.negated ? "false" : "true");
  }

  Result TakeValue(const Word& word) {
    const FlagSpec& flag = *word.flag;
    if (word.negated)
      return std::unexpected(fmt::format("--no-{0} says nothing; write --{0}={1}", flag.name, flag.value_name));
    if (!word.value && !NextIsValue()) {
      return std::unexpected(fmt::format("--{0} has no value; write --{0}={1}", flag.name, flag.value_name));
    }
    return Set(flag, word.value ? *word.value : Next());
  }

  Result Set(const FlagSpec& flag, std::string_view value) {
    const std::string wanted = flag.set(value, flags_);
    if (wanted.empty()) return {};
    return std::unexpected(fmt::format("--{} is {}; write {}", flag.name, Quoted(value), wanted));
  }

  std::span<const char* const> rest_;
  std::set<const FlagSpec*> seen_;
  Flags flags_;
};

}  // namespace

std::expected<Flags, std::string> ParseFlags(std::span<const char* const> arguments) { return Parser(arguments).Run(); }

log::Format RequestedLogFormat(std::span<const char* const> arguments) {
  Flags flags;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto word = TakeApart(arguments[i]);
    if (!word || word->negated || word->flag->name != "log.format") continue;
    const bool value_follows = !word->value && i + 1 < arguments.size();
    const std::string_view value = value_follows ? arguments[i + 1] : word->value.value_or("");
    if (word->flag->set(value, flags).empty()) break;
  }
  return flags.log_format;
}

std::string HelpText() {
  std::string text = "usage: mqueue_exporter [--flag=value ...]\n\n";
  for (const FlagSpec& flag : FlagTable()) {
    const std::string usage =
        flag.IsSwitch() ? fmt::format("--[no-]{}", flag.name) : fmt::format("--{}={}", flag.name, flag.value_name);
    text += fmt::format("  {}\n      {}", usage, flag.help);
    if (flag.default_of != nullptr) text += fmt::format(" Default: {}", flag.default_of(Flags()));
    text += '\n';
  }
  return text;
}

}  // namespace mqueue::settings
