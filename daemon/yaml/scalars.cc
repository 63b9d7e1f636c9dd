#include "daemon/yaml/scalars.h"

#include <fmt/core.h>

#include <charconv>
#include <system_error>

#include "daemon/text/quoted.h"

namespace mqueue::yaml {
namespace {

using Kind = Node::Kind;

std::string Description(const Node& value) {
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

// Whether the value may be something other than text: quotes make a text of a number or a truth value.
bool IsBare(const Node& value) { return value.kind == Kind::kScalar && !value.quoted; }

template <typename T, typename... Format>
std::optional<T> NumberIn(const Node& value, Range<T> range, Format... format) {
  T number{};
  const std::string_view text = value.text;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number, format...);
  // NaN is within no range.
  const bool fits =
      IsBare(value) && error == std::errc() && end == text.end() && range.low <= number && number <= range.high;
  return fits ? std::optional<T>(number) : std::nullopt;
}

}  // namespace

void AddUnfit(const Node& value, std::string_view wanted, Problems& problems) {
  AddUnfit(value, value.key, wanted, problems);
}

void AddNotBare(const Node& value, std::string_view wanted, Problems& problems) {
  AddNotBare(value, value.key, wanted, problems);
}

void AddUnfit(const Node& value, std::string_view subject, std::string_view wanted, Problems& problems) {
  problems.Add(value.at, fmt::format("{} is {}; write {}", subject, Description(value), wanted));
}

void AddNotBare(const Node& value, std::string_view subject, std::string_view wanted, Problems& problems) {
  const bool quoted = value.kind == Kind::kScalar && value.quoted;
  AddUnfit(value, subject, quoted ? std::string(wanted) + " without quotes" : std::string(wanted), problems);
}

std::optional<std::uint64_t> IntegerIn(const Node& value, Range<std::uint64_t> range) { return NumberIn(value, range); }

void ReadText(const Node& value, std::string_view wanted, std::string& into, Problems& problems) {
  if (value.kind != Kind::kScalar || value.text.empty()) return AddUnfit(value, wanted, problems);
  into = value.text;
}

void ReadBool(const Node& value, bool& into, Problems& problems) {
  if (!IsBare(value) || (value.text != "true" && value.text != "false")) {
    return AddNotBare(value, "true or false", problems);
  }
  into = value.text == "true";
}

void ReadInteger(const Node& value, Range<std::uint64_t> range, std::uint64_t& into, Problems& problems) {
  const std::optional<std::uint64_t> number = IntegerIn(value, range);
  if (!number) return AddNotBare(value, fmt::format("a whole number from {} to {}", range.low, range.high), problems);
  into = *number;
}

void ReadNumber(const Node& value, Range<double> range, double& into, Problems& problems) {
  const std::optional<double> number = NumberIn(value, range, std::chars_format::fixed);
  if (!number) return AddNotBare(value, fmt::format("a number from {} to {}", range.low, range.high), problems);
  into = *number;
}

}  // namespace mqueue::yaml
