#include "daemon/metrics/number.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

namespace mqueue::metrics {
namespace {

using Limits = std::numeric_limits<double>;

std::string Integer(std::uint64_t value) {
  std::string text;
  AppendInteger(value, text);
  return text;
}

std::string Seconds(std::int64_t nanoseconds) {
  std::string text;
  AppendSeconds(std::chrono::nanoseconds(nanoseconds), text);
  return text;
}

std::string Float(double value) {
  std::string text;
  AppendFloat(value, text);
  return text;
}

std::string Canonical(double value) {
  std::string text;
  AppendCanonicalFloat(value, text);
  return text;
}

TEST(AppendInteger, KeepsAllDigits) {
  EXPECT_EQ(Integer(0), "0");
  EXPECT_EQ(Integer(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(AppendSeconds, IsExactWithoutTrailingZeros) {
  EXPECT_EQ(Seconds(0), "0");
  EXPECT_EQ(Seconds(12'000'000'000), "12");
  EXPECT_EQ(Seconds(250'000'000), "0.25");
  EXPECT_EQ(Seconds(1), "0.000000001");
  EXPECT_EQ(Seconds(1'763'697'720'123'456'789), "1763697720.123456789");
}

TEST(AppendSeconds, NegativeTimesKeepTheirSignBelowOneSecond) {
  EXPECT_EQ(Seconds(-1), "-0.000000001");
  EXPECT_EQ(Seconds(-1'500'000'000), "-1.5");
  EXPECT_EQ(Seconds(std::numeric_limits<std::int64_t>::min()), "-9223372036.854775808");
}

TEST(ToSeconds, UnixTimeIsTheNearestDouble) {
  EXPECT_EQ(ToSeconds(std::chrono::nanoseconds(1'763'697'720'250'000'000)), 1763697720.25);
  EXPECT_EQ(ToSeconds(std::chrono::milliseconds(-1500)), -1.5);
}

TEST(AppendFloat, WholeNumbersHaveNoPoint) {
  EXPECT_EQ(Float(0), "0");
  EXPECT_EQ(Float(-3), "-3");
  EXPECT_EQ(Float(1e15), "1000000000000000");
  EXPECT_EQ(Float(9007199254740992), "9007199254740992");
}

TEST(AppendFloat, IsShortest) {
  EXPECT_EQ(Float(0.1), "0.1");
  EXPECT_EQ(Float(1e300), "1e+300");
  EXPECT_EQ(Float(Limits::denorm_min()), "5e-324");
}

TEST(AppendFloat, SpecialValuesAreWrittenAsPrometheusReadsThem) {
  EXPECT_EQ(Float(Limits::quiet_NaN()), "NaN");
  EXPECT_EQ(Float(-Limits::quiet_NaN()), "NaN");
  EXPECT_EQ(Float(Limits::infinity()), "+Inf");
  EXPECT_EQ(Float(-Limits::infinity()), "-Inf");
}

TEST(AppendFloat, ReadsBackAsTheSameValue) {
  for (const double value :
       {Limits::min(), Limits::max(), Limits::lowest(), Limits::epsilon(), 1.0 / 3, 1e22, 123456.75}) {
    EXPECT_EQ(std::strtod(Float(value).c_str(), nullptr), value);
    EXPECT_EQ(std::strtod(Canonical(value).c_str(), nullptr), value);
  }
}

TEST(AppendFloat, AnyBitPatternReadsBackAsTheSameValue) {
  std::mt19937_64 random(20261121);
  for (int i = 0; i < 100'000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(std::strtod(Float(value).c_str(), nullptr), value);
    ASSERT_EQ(std::strtod(Canonical(value).c_str(), nullptr), value);
  }
}

TEST(AppendCanonicalFloat, AlwaysHasAPointOrAnExponent) {
  EXPECT_EQ(Canonical(0), "0.0");
  EXPECT_EQ(Canonical(1), "1.0");
  EXPECT_EQ(Canonical(32767), "32767.0");
  EXPECT_EQ(Canonical(0.5), "0.5");
  EXPECT_EQ(Canonical(-2), "-2.0");
  EXPECT_EQ(Canonical(Limits::infinity()), "+Inf");
}

TEST(AppendCanonicalFloat, ExponentBeginsWhereGoBeginsIt) {
  EXPECT_EQ(Canonical(999999), "999999.0");
  EXPECT_EQ(Canonical(1e6), "1e+06");
  EXPECT_EQ(Canonical(12345678), "1.2345678e+07");
  EXPECT_EQ(Canonical(0.0001), "0.0001");
  EXPECT_EQ(Canonical(0.00001), "1e-05");
}

}  // namespace
}  // namespace mqueue::metrics
