#include "daemon/access/go_duration.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace mqueue::access {
namespace {

using std::chrono::nanoseconds;

// µ is written as U+00B5 or as U+03BC.
constexpr std::pair<std::string_view, nanoseconds> kUnits[] = {{"ns", nanoseconds(1)},
                                                               {"us", std::chrono::microseconds(1)},
                                                               {"\xC2\xB5s", std::chrono::microseconds(1)},
                                                               {"\xCE\xBCs", std::chrono::microseconds(1)},
                                                               {"ms", std::chrono::milliseconds(1)},
                                                               {"s", std::chrono::seconds(1)},
                                                               {"m", std::chrono::minutes(1)},
                                                               {"h", std::chrono::hours(1)}};

constexpr std::string_view kDigits = "0123456789";

std::string_view TakeDigits(std::string_view& text) {
  const std::string_view digits = text.substr(0, text.find_first_not_of(kDigits));
  text.remove_prefix(digits.size());
  return digits;
}

// Takes the unit and returns its nanoseconds; 0 if there is none.
std::int64_t TakeUnit(std::string_view& text) {
  const std::string_view name = text.substr(0, text.find_first_of("0123456789."));
  for (const auto& [unit, length] : kUnits) {
    if (name != unit) continue;
    text.remove_prefix(name.size());
    return length.count();
  }
  return 0;
}

// `digits` times `unit`; nothing if an int64_t cannot hold it.
std::optional<std::int64_t> Whole(std::string_view digits, std::int64_t unit) {
  std::int64_t number = 0;
  for (const char digit : digits) {
    if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, digit - '0', &number)) {
      return std::nullopt;
    }
  }
  if (__builtin_mul_overflow(number, unit, &number)) return std::nullopt;
  return number;
}

// The digits behind a decimal point, times `unit`.
std::int64_t Fraction(std::string_view digits, std::int64_t unit) {
  // A double holds this many exactly; the others are worth less than a nanosecond.
  constexpr std::size_t kMostDigits = 15;
  double number = 0;
  double scale = 1;
  for (const char digit : digits.substr(0, kMostDigits)) {
    number = number * 10 + (digit - '0');
    scale *= 10;
  }
  return static_cast<std::int64_t>(number * (static_cast<double>(unit) / scale));
}

// A number and its unit at the front of `text`, which are taken off.
std::optional<std::int64_t> TakeTerm(std::string_view& text) {
  const std::string_view whole = TakeDigits(text);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = TakeDigits(text);
  }
  if (whole.empty() && fraction.empty()) return std::nullopt;
  const std::int64_t unit = TakeUnit(text);
  if (unit == 0) return std::nullopt;
  auto term = Whole(whole, unit);
  if (!term || __builtin_add_overflow(*term, Fraction(fraction, unit), &*term)) return std::nullopt;
  return term;
}

}  // namespace

std::optional<nanoseconds> ParseGoDuration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return nanoseconds(0);
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  while (!text.empty()) {
    const auto term = TakeTerm(text);
    if (!term || __builtin_add_overflow(sum, *term, &sum)) return std::nullopt;
  }
  return nanoseconds(negative ? -sum : sum);
}

}  // namespace mqueue::access
