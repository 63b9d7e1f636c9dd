#include "daemon/settings/scalars.h"

#include <fmt/core.h>

#include <charconv>
#include <system_error>

#include "daemon/settings/duration.h"
#include "daemon/text/quoted.h"

namespace mqueue::settings {
namespace {

using Kind = YamlNode::Kind;

std::string Description(const YamlNode& value) {
  switch (value.kind) {
    case Kind::kNull:
      return "empty";
    case Kind::kList:
      return "a list";
    case Kind::kMapping:
      return "a mapping";
    case Kind::kScalar:
      return Quoted(value.text);
  }
  __builtin_unreachable();
}

// Whether the value may be something else than a text: quotes make a text of a number or a truth value.
bool IsBare(const YamlNode& value) { return value.kind == Kind::kScalar && !value.quoted; }

void AddUnfit(const YamlNode& value, std::string_view wanted, Problems& problems) {
  AddUnfit(value, value.key, wanted, problems);
}

void AddNotBare(const YamlNode& value, const std::string& wanted, Problems& problems) {
  AddNotBare(value, value.key, wanted, problems);
}

template <typename T, typename... Format>
std::optional<T> NumberIn(const YamlNode& value, Range<T> range, Format... format) {
  T number{};
  const std::string_view text = value.text;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number, format...);
  // NaN is within no range.
  const bool fits =
      IsBare(value) && error == std::errc() && end == text.end() && range.low <= number && number <= range.high;
  return fits ? std::optional<T>(number) : std::nullopt;
}

std::string ReaderNames() {
  std::string names = "auto";
  for (const ReaderKind kind : kReaderKinds) names += fmt::format(", {}", ToString(kind));
  return names;
}

}  // namespace

void AddUnfit(const YamlNode& value, std::string_view subject, std::string_view wanted, Problems& problems) {
  problems.Add(value.at, fmt::format("{} is {}; write {}", subject, Description(value), wanted));
}

void AddNotBare(const YamlNode& value, std::string_view subject, std::string_view wanted, Problems& problems) {
  const bool quoted = value.kind == Kind::kScalar && value.quoted;
  AddUnfit(value, subject, quoted ? std::string(wanted) + " without quotes" : std::string(wanted), problems);
}

std::optional<std::uint64_t> IntegerIn(const YamlNode& value, Range<std::uint64_t> range) {
  return NumberIn(value, range);
}

void ReadText(const YamlNode& value, std::string_view wanted, std::string& into, Problems& problems) {
  if (value.kind != Kind::kScalar || value.text.empty()) return AddUnfit(value, wanted, problems);
  into = value.text;
}

void ReadBool(const YamlNode& value, bool& into, Problems& problems) {
  if (!IsBare(value) || (value.text != "true" && value.text != "false")) {
    return AddNotBare(value, "true or false", problems);
  }
  into = value.text == "true";
}

void ReadInteger(const YamlNode& value, Range<std::uint64_t> range, std::uint64_t& into, Problems& problems) {
  const std::optional<std::uint64_t> number = IntegerIn(value, range);
  if (!number) return AddNotBare(value, fmt::format("a whole number from {} to {}", range.low, range.high), problems);
  into = *number;
}

void ReadNumber(const YamlNode& value, Range<double> range, double& into, Problems& problems) {
  const std::optional<double> number = NumberIn(value, range, std::chars_format::fixed);
  if (!number) return AddNotBare(value, fmt::format("a number from {} to {}", range.low, range.high), problems);
  into = *number;
}

void ReadDuration(const YamlNode& value, Range<std::chrono::milliseconds> range, std::chrono::milliseconds& into,
                  Problems& problems) {
  const auto duration = value.kind == Kind::kScalar ? ParseDuration(value.text) : std::nullopt;
  if (!duration || *duration < range.low || *duration > range.high) {
    return AddUnfit(value,
                    fmt::format("a duration from {} to {}, such as 500ms, 5s or 1m30s", FormatDuration(range.low),
                                FormatDuration(range.high)),
                    problems);
  }
  into = *duration;
}

void ReadReader(const YamlNode& value, std::optional<ReaderKind>& into, Problems& problems) {
  const std::optional<ReaderKind> reader = ReaderKindFromString(value.text);
  if (!reader && value.text != "auto") return AddUnfit(value, fmt::format("one of {}", ReaderNames()), problems);
  into = reader;
}

void ReadNamespaces(const YamlNode& value, Namespaces& into, Problems& problems) {
  if (value.text != "own" && value.text != "all") return AddUnfit(value, "own or all", problems);
  into = value.text == "own" ? Namespaces::kOwn : Namespaces::kAll;
}

void ReadIpc(const YamlNode& value, std::optional<Ipc>& into, Problems& problems) {
  for (const Ipc ipc : {Ipc::kPosix, Ipc::kSysv}) {
    if (value.text != ToString(ipc)) continue;
    into = ipc;
    return;
  }
  AddUnfit(value, "posix or sysv", problems);
}

}  // namespace mqueue::settings
