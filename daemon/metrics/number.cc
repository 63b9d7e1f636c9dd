#include "daemon/metrics/number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "daemon/metrics/append.h"

namespace mqueue::metrics {
namespace {

// The longest are 1 sign, 17 digits, a point and "e-308": 24. Fixed notation is only asked for below 2^53.
constexpr std::size_t kLongest = 32;

template <typename... Value>
void AppendChars(std::string& out, Value... value) {
  AppendWritten(kLongest, out, [&](char* text) { return std::to_chars(text, text + kLongest, value...).ptr; });
}

bool AppendedSpecial(double value, std::string& out) {
  if (std::isfinite(value)) return false;
  out += std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  return true;
}

// A fraction of a second without its trailing zeros.
void AppendFraction(std::uint64_t nanoseconds, std::string& out) {
  std::array<char, 10> text;
  text.front() = '.';
  for (std::size_t i = text.size() - 1; i > 0; --i, nanoseconds /= 10)
    text[i] = static_cast<char>('0' + nanoseconds % 10);
  const std::string_view digits(text.begin(), text.end());
  out += digits.substr(0, digits.find_last_not_of('0') + 1);
}

}  // namespace

void AppendInteger(std::uint64_t value, std::string& out) { AppendChars(out, value); }

void AppendSeconds(std::chrono::nanoseconds value, std::string& out) {
  constexpr std::uint64_t kSecond = std::nano::den;
  const bool negative = value.count() < 0;
  // Unsigned, so that the smallest number can be negated too.
  const std::uint64_t bits = static_cast<std::uint64_t>(value.count());
  const std::uint64_t magnitude = negative ? 0 - bits : bits;
  if (negative) out += '-';
  AppendInteger(magnitude / kSecond, out);
  if (magnitude % kSecond != 0) AppendFraction(magnitude % kSecond, out);
}

double ToSeconds(std::chrono::nanoseconds value) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(value);
  // Apart, because the nanoseconds of a Unix time would be rounded before they are divided.
  return static_cast<double>(whole.count()) + static_cast<double>((value - whole).count()) / std::nano::den;
}

void AppendFloat(double value, std::string& out) {
  // Up to here every whole number has a double of its own, and all its digits are meant.
  constexpr double kExactIntegers = 9007199254740992.0;
  if (std::abs(value) <= kExactIntegers) {
    const auto whole = static_cast<std::int64_t>(value);
    if (static_cast<double>(whole) == value) return AppendChars(out, whole);
  }
  if (!AppendedSpecial(value, out)) AppendChars(out, value);
}

void AppendCanonicalFloat(double value, std::string& out) {
  if (AppendedSpecial(value, out)) return;
  // Where Go's %g, from which the canonical form comes, changes to an exponent.
  constexpr double kSmallest = 1e-4;
  constexpr double kTooLarge = 1e6;
  const double magnitude = std::abs(value);
  if (magnitude != 0 && (magnitude < kSmallest || magnitude >= kTooLarge)) {
    AppendChars(out, value, std::chars_format::scientific);
    return;
  }
  const std::size_t begin = out.size();
  AppendChars(out, value, std::chars_format::fixed);
  if (out.find('.', begin) == std::string::npos) out += ".0";
}

}  // namespace mqueue::metrics
