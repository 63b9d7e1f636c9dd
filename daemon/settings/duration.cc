#include "daemon/settings/duration.h"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <span>
#include <system_error>

namespace mqueue::settings {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  milliseconds length;
};

// The larger unit first.
constexpr Unit kUnits[] = {{"h", std::chrono::hours(1)},
                           {"m", std::chrono::minutes(1)},
                           {"s", std::chrono::seconds(1)},
                           {"ms", milliseconds(1)}};

// The digits at the front of `text`, which are taken off; nothing when there are none or the number is not below 2^32.
std::optional<std::uint32_t> TakeNumber(std::string_view& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// The unit at the front of `text`, which is taken off with all larger ones that `units` still has.
const Unit* TakeUnit(std::string_view& text, std::span<const Unit>& units) {
  const std::string_view name = text.substr(0, text.find_first_of("0123456789"));
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].name != name) continue;
    const Unit* unit = &units[i];
    text.remove_prefix(name.size());
    units = units.subspan(i + 1);
    return unit;
  }
  return nullptr;
}

}  // namespace

std::optional<milliseconds> ParseDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  milliseconds sum{};
  for (std::span<const Unit> units = kUnits; !text.empty();) {
    const std::optional<std::uint32_t> number = TakeNumber(text);
    if (!number) return std::nullopt;
    const Unit* unit = TakeUnit(text, units);
    if (unit == nullptr) return std::nullopt;
    sum += unit->length * std::int64_t{*number};
  }
  if (sum > kLongestDuration) return std::nullopt;
  return sum;
}

std::string FormatDuration(milliseconds duration) {
  std::string text;
  for (const Unit& unit : kUnits) {
    if (const std::int64_t number = duration / unit.length) text += fmt::format("{}{}", number, unit.name);
    duration %= unit.length;
  }
  return text.empty() ? "0s" : text;
}

}  // namespace mqueue::settings
