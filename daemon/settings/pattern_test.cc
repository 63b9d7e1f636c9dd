#include "daemon/settings/pattern.h"

#include <fnmatch.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace mqueue::settings {
namespace {

TEST(GlobFault, UsualGlobsAreFine) {
  for (const char* glob : {"*", "/orders*", "?rders", "/a b", "0x0000beef", "0x*", "id:7", "[/i]*", "\\/a", "/é*"}) {
    EXPECT_EQ(GlobFault(glob, std::nullopt), "") << glob;
  }
}

TEST(GlobFault, ClosedBracketsAreFine) {
  for (const char* glob : {"/[a]", "/[]]", "/[!]]", "/[^]]", "/[]a]", "/[[:digit:]]", "/[[]", "/[a\\]]", "/\\["}) {
    EXPECT_EQ(GlobFault(glob, std::nullopt), "") << glob;
  }
}

TEST(GlobFault, OpenBracketsAreFaults) {
  for (const char* glob : {"/[", "/[a", "/[]", "/[!]", "/[a\\]", "/[[:digit:]", "/[a]["}) {
    EXPECT_TRUE(GlobFault(glob, std::nullopt).starts_with("[ is not closed")) << glob;
    // What the fault keeps away from: fnmatch(3) takes the bracket for a letter.
    EXPECT_NE(fnmatch(glob, "/1", 0), 0) << glob;
  }
}

TEST(GlobFault, LoneBackslashIsAFault) {
  EXPECT_TRUE(GlobFault("/a\\", std::nullopt).starts_with("ends in a backslash"));
  EXPECT_EQ(GlobFault("/a\\\\", std::nullopt), "");
}

TEST(GlobFault, BeginningMustFitTheKind) {
  EXPECT_EQ(GlobFault("/a", Ipc::kPosix), "");
  EXPECT_NE(GlobFault("/a", Ipc::kSysv), "");
  EXPECT_EQ(GlobFault("id:*", Ipc::kSysv), "");
  EXPECT_NE(GlobFault("id:*", Ipc::kPosix), "");
  EXPECT_NE(GlobFault("orders", std::nullopt), "");
}

TEST(GlobFault, KeyIsShownInItsOnlyNotation) {
  for (const char* glob : {"0xbeef", "0xBEEF", "0x0000BEEF", "0x00000000beef"}) {
    EXPECT_TRUE(GlobFault(glob, std::nullopt).ends_with("\"0x0000beef\"")) << glob;
  }
  EXPECT_EQ(GlobFault("0x????beef", std::nullopt), "");
}

TEST(RegexFault, ValidExpressionsAreFine) {
  for (const char* regex : {"^/orders-[0-9]+$", ".*", "a|b", "(?i)x", "\\d{2,}"})
    EXPECT_EQ(RegexFault(regex), "") << regex;
}

TEST(RegexFault, FaultNamesThePiece) {
  EXPECT_EQ(RegexFault("a(b"), R"(missing ): "a(b"; write a regular expression of RE2's syntax)");
  EXPECT_EQ(RegexFault("\\Qa\\1"), "");
  EXPECT_EQ(RegexFault("(a)\\1"), R"(invalid escape sequence: "\\1"; write a regular expression of RE2's syntax)");
}

TEST(RegexFault, CostlyExpressionsAreRefused) { EXPECT_NE(RegexFault("((a{100}){100}){100}"), ""); }

TEST(Patterns, LongestIsBounded) {
  const std::string longest = '/' + std::string(1023, 'a');
  EXPECT_EQ(GlobFault(longest, std::nullopt), "");
  EXPECT_EQ(RegexFault(longest), "");
  EXPECT_EQ(GlobFault(longest + '[', std::nullopt), "has 1025 bytes; write at most 1024");
  EXPECT_EQ(RegexFault(longest + '('), "has 1025 bytes; write at most 1024");
}

}  // namespace
}  // namespace mqueue::settings
