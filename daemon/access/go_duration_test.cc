#include "daemon/access/go_duration.h"

#include <gtest/gtest.h>

namespace mqueue::access {
namespace {

using std::chrono::nanoseconds;

TEST(ParseGoDuration, UnitsAndFractionsAreRead) {
  constexpr std::pair<std::string_view, std::int64_t> kCases[] = {{"0", 0},
                                                                  {"0s", 0},
                                                                  {"-0", 0},
                                                                  {"1ns", 1},
                                                                  {"500us", 500'000},
                                                                  {"500\xC2\xB5s", 500'000},
                                                                  {"500\xCE\xBCs", 500'000},
                                                                  {"2ms", 2'000'000},
                                                                  {"3s", 3'000'000'000},
                                                                  {"1m30s", 90'000'000'000},
                                                                  {"1.5h", 5'400'000'000'000},
                                                                  {".5s", 500'000'000},
                                                                  {"1.s", 1'000'000'000},
                                                                  {"0.1s", 100'000'000},
                                                                  {"1.9ns", 1},
                                                                  {"30s1m", 90'000'000'000},
                                                                  {"1s1s", 2'000'000'000},
                                                                  {"+5s", 5'000'000'000},
                                                                  {"-1.5s", -1'500'000'000},
                                                                  {"0.333333333333333333s", 333'333'333},
                                                                  {"9223372036854775807ns", 9'223'372'036'854'775'807}};
  for (const auto& [text, expected] : kCases) EXPECT_EQ(ParseGoDuration(text), nanoseconds(expected)) << text;
}

TEST(ParseGoDuration, OtherTextIsNothing) {
  for (const std::string_view text : {"",
                                      "+",
                                      "-",
                                      "1",
                                      "1.5",
                                      "s",
                                      ".s",
                                      ".",
                                      "-.s",
                                      "1x",
                                      "1d",
                                      "5 s",
                                      " 5s",
                                      "5s ",
                                      "1m30",
                                      "--1s",
                                      "1..5s",
                                      "1S",
                                      "1e3s",
                                      "9223372036854775808ns",
                                      "2562048h",
                                      "9223372036s9223372036s",
                                      "99999999999999999999h"}) {
    EXPECT_EQ(ParseGoDuration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace mqueue::access
