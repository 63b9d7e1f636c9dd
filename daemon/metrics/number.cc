#include "daemon/metrics/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "daemon/metrics/append.h"

namespace mqueue::metrics {
namespace {

template <typename... Value>
char* WriteChars(char* to, Value... value) {
  return std::to_chars(to, to + kLongestNumber, value...).ptr;
}

char* WriteSpecial(double value, char* to) {
  if (std::isnan(value)) return WritePieces(to, "NaN");
  return value > 0 ? WritePieces(to, "+Inf") : WritePieces(to, "-Inf");
}

// The nine digits of a fraction of a second without their trailing zeros.
char* WriteFraction(std::uint64_t nanoseconds, char* to) {
  constexpr int kDigits = 9;
  *to = '.';
  for (int i = kDigits; i > 0; --i, nanoseconds /= 10) to[i] = static_cast<char>('0' + nanoseconds % 10);
  int last = kDigits;
  while (to[last] == '0') --last;
  return to + last + 1;
}

char* WriteCanonicalFloat(double value, char* to) {
  if (!std::isfinite(value)) return WriteSpecial(value, to);
  // Where Go's %g, from which the canonical form comes, changes to an exponent.
  constexpr double kSmallest = 1e-4;
  constexpr double kTooLarge = 1e6;
  const double magnitude = std::abs(value);
  if (magnitude != 0 && (magnitude < kSmallest || magnitude >= kTooLarge)) {
    return WriteChars(to, value, std::chars_format::scientific);
  }
  char* const end = WriteChars(to, value, std::chars_format::fixed);
  return std::find(to, end, '.') == end ? WritePieces(end, ".0") : end;
}

}  // namespace

char* WriteInteger(std::uint64_t value, char* to) { return WriteChars(to, value); }

char* WriteSeconds(std::chrono::nanoseconds value, char* to) {
  constexpr std::uint64_t kSecond = std::nano::den;
  const bool negative = value.count() < 0;
  // Unsigned, so that the smallest number can be negated too.
  const std::uint64_t bits = static_cast<std::uint64_t>(value.count());
  const std::uint64_t magnitude = negative ? 0 - bits : bits;
  if (negative) *to++ = '-';
  to = WriteChars(to, magnitude / kSecond);
  return magnitude % kSecond == 0 ? to : WriteFraction(magnitude % kSecond, to);
}

char* WriteFloat(double value, char* to) {
  // Up to here every whole number has a double of its own, and all its digits are meant.
  constexpr double kExactIntegers = 9007199254740992.0;
  if (std::abs(value) <= kExactIntegers) {
    const auto whole = static_cast<std::int64_t>(value);
    if (static_cast<double>(whole) == value) return WriteChars(to, whole);
  }
  return std::isfinite(value) ? WriteChars(to, value) : WriteSpecial(value, to);
}

void AppendInteger(std::uint64_t value, std::string& out) {
  AppendWritten(kLongestNumber, out, [&](char* to) { return WriteInteger(value, to); });
}

void AppendSeconds(std::chrono::nanoseconds value, std::string& out) {
  AppendWritten(kLongestNumber, out, [&](char* to) { return WriteSeconds(value, to); });
}

double ToSeconds(std::chrono::nanoseconds value) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(value);
  // Apart, because the nanoseconds of a Unix time would be rounded before they are divided.
  return static_cast<double>(whole.count()) + static_cast<double>((value - whole).count()) / std::nano::den;
}

void AppendFloat(double value, std::string& out) {
  AppendWritten(kLongestNumber, out, [&](char* to) { return WriteFloat(value, to); });
}

void AppendCanonicalFloat(double value, std::string& out) {
  AppendWritten(kLongestNumber, out, [&](char* to) { return WriteCanonicalFloat(value, to); });
}

}  // namespace mqueue::metrics
