#include "daemon/settings/duration.h"

#include <gtest/gtest.h>

namespace mqueue::settings {
namespace {

using std::chrono::milliseconds;

TEST(ParseDuration, UnitsAddUp) {
  EXPECT_EQ(ParseDuration("5s"), milliseconds(5000));
  EXPECT_EQ(ParseDuration("500ms"), milliseconds(500));
  EXPECT_EQ(ParseDuration("1m30s"), milliseconds(90'000));
  EXPECT_EQ(ParseDuration("1h2m3s4ms"), milliseconds(3'723'004));
  EXPECT_EQ(ParseDuration("90s"), milliseconds(90'000));
  EXPECT_EQ(ParseDuration("0s"), milliseconds(0));
}

TEST(ParseDuration, NumberAndUnitAreBothNeeded) {
  for (const char* text :
       {"", "5", "s", "5s3", "1m30", " 5s", "5s ", "5 s", "+5s", "-5s", "0x5s", "1.5s", "5S", "5sec"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(ParseDuration, LargerUnitStandsFirstAndEachOnce) {
  for (const char* text : {"30s1m", "1s1s", "1ms1s", "5d", "1w", "1y"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(ParseDuration, NumbersThatWouldOverflowAreNothing) {
  EXPECT_EQ(ParseDuration("24h"), kLongestDuration);
  for (const char* text : {"25h", "24h1ms", "4294967295h", "4294967296ms", "99999999999999999999h"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(FormatDuration, ReadsBackAsWritten) {
  for (const char* text : {"0s", "1ms", "100ms", "5s", "1m30s", "1h", "2h3m4s5ms"}) {
    EXPECT_EQ(FormatDuration(ParseDuration(text).value_or(milliseconds(-1))), text);
  }
}

}  // namespace
}  // namespace mqueue::settings
