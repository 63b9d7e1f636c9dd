#include "daemon/access/web_scalars.h"

#include <algorithm>
#include <cctype>
#include <span>
#include <utility>

#include "daemon/access/go_duration.h"
#include "daemon/yaml/scalars.h"

namespace mqueue::access {
namespace {

using yaml::Node;
using yaml::Problems;
using Kind = Node::Kind;

constexpr std::string_view kTrue[] = {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"};
constexpr std::string_view kFalse[] = {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"};

bool IsOneOf(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

}  // namespace

bool IsUnset(const Node& value) {
  return value.kind == Kind::kNull || (value.kind == Kind::kScalar && value.text.empty());
}

void ReadWebBool(const Node& value, bool& into, Problems& problems) {
  if (value.kind == Kind::kNull) return;
  const bool bare = value.kind == Kind::kScalar && !value.quoted;
  if (bare && IsOneOf(value.text, kTrue)) {
    into = true;
  } else if (bare && IsOneOf(value.text, kFalse)) {
    into = false;
  } else {
    AddNotBare(value, value.key, "true or false", problems);
  }
}

void ReadWebInterval(const Node& value, std::chrono::nanoseconds& into, Problems& problems) {
  if (value.kind == Kind::kNull) return;
  const auto interval = value.kind == Kind::kScalar ? ParseGoDuration(value.text) : std::nullopt;
  if (!interval || interval->count() < 0) {
    return AddUnfit(value, value.key, "a duration with its unit, such as 500us, 1.5s or 1m30s, or 0 for no limit",
                    problems);
  }
  into = *interval;
}

std::optional<std::string> HeaderValue(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return "";
  std::string line(text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin));
  std::ranges::replace(line, '\n', ' ');
  // A control character could begin another field.
  const bool printable = std::ranges::all_of(line, [](unsigned char c) { return 0x20 <= c && c < 0x7f; });
  return printable ? std::optional(std::move(line)) : std::nullopt;
}

bool IsBcryptHash(std::string_view hash) {
  constexpr std::string_view kVariants = "abxy";
  if (hash.size() != 60 || !hash.starts_with("$2") || hash[3] != '$' || hash[6] != '$') return false;
  if (kVariants.find(hash[2]) == std::string_view::npos) return false;
  const std::string_view cost = hash.substr(4, 2);
  const bool in_range =
      std::ranges::all_of(cost, [](unsigned char c) { return std::isdigit(c); }) && cost >= "04" && cost <= "31";
  return in_range &&
         std::ranges::all_of(hash.substr(7), [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '/'; });
}

}  // namespace mqueue::access
