#include "daemon/settings/pattern.h"

#include <fnmatch.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

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
    EXPECT_EQ(RegexFault(regex, std::nullopt), "") << regex;
}

TEST(RegexFault, FaultNamesThePiece) {
  EXPECT_EQ(RegexFault("a(b", std::nullopt), R"(missing ): "a(b"; write a regular expression of RE2's syntax)");
  EXPECT_EQ(RegexFault("\\Qa\\1", std::nullopt), "");
  EXPECT_EQ(RegexFault("(a)\\1", std::nullopt),
            R"(invalid escape sequence: "\\1"; write a regular expression of RE2's syntax)");
}

TEST(RegexFault, CostlyExpressionsAreRefused) { EXPECT_NE(RegexFault("((a{100}){100}){100}", std::nullopt), ""); }

TEST(RegexFault, BeginningThatNoNameHasIsAFault) {
  for (const char* regex : {"^orders", "^o", "^orders-[0-9]+$", "^9", "^:a", "^O?"}) {
    const bool optional = std::string_view(regex) == "^O?";
    EXPECT_EQ(RegexFault(regex, std::nullopt).empty(), optional) << regex;
  }
  for (const char* regex :
       {"^/orders", "^0x", "^id:", "^o|/a", "^o*", "^o{0,1}", "^", "^(o|/)", "o", "^[o/]", "(?i)^ID"}) {
    EXPECT_EQ(RegexFault(regex, std::nullopt), "") << regex;
  }
  EXPECT_EQ(RegexFault("^/a", Ipc::kPosix), "");
  EXPECT_EQ(RegexFault("^/a", Ipc::kSysv),
            R"(can match no queue; POSIX names begin with "/", SysV's with "0x" or "id:")");
  EXPECT_EQ(RegexFault("^id:7$", Ipc::kSysv), "");
  EXPECT_NE(RegexFault("^id:7$", Ipc::kPosix), "");
}

TEST(Patterns, LongestIsBounded) {
  const std::string longest = '/' + std::string(1023, 'a');
  const std::string stars = '/' + std::string(1023, '*');
  EXPECT_EQ(GlobFault(stars, std::nullopt), "");
  EXPECT_EQ(RegexFault(longest, std::nullopt), "");
  EXPECT_EQ(GlobFault(stars + '[', std::nullopt), "has 1025 bytes; write at most 1024");
  EXPECT_EQ(RegexFault(longest + '(', std::nullopt), "has 1025 bytes; write at most 1024");
}

TEST(GlobFault, BracketThatNoCharacterMatchesIsAFault) {
  for (const char* bracket : {"[z-a]", "[9-0]", "[[:nonesuch:]]"}) {
    EXPECT_EQ(GlobFault(std::string("/a") + bracket + "*", std::nullopt),
              std::string("no character matches \"") + bracket + "\"; write a range from its lower to its higher end");
  }
  for (const char* glob : {"/[z-ab]", "/[!z-a]", "/\\[z-a]", "/[[:digit:]]", "/[a\\]z-a]"}) {
    EXPECT_EQ(GlobFault(glob, std::nullopt), "") << glob;
  }
}

TEST(GlobFault, GlobThatNoNameFitsIsAFault) {
  const std::string longest = '/' + std::string(255, 'a');
  EXPECT_EQ(GlobFault(longest, std::nullopt), "");
  EXPECT_EQ(GlobFault(longest + '*', std::nullopt), "");
  for (const std::string& glob :
       {longest + '?', std::string("/a/b"), std::string("/*/*"), std::string("/"), std::string("0x*g"),
        std::string("id:?*-1"), std::string("0x1234567"), std::string("id:12345678901"), std::string("[/0]/*"),
        std::string("id:07"), std::string("id:2147483648"), std::string("0x00000000")}) {
    EXPECT_NE(GlobFault(glob, std::nullopt), "") << glob;
  }
  for (const char* glob :
       {"*/a", "?a", "?x*", "0x*beef", "id:?", "*d:7", "id:0", "id:2147483647", "[!a]*", "/\\*", "//*"}) {
    EXPECT_EQ(GlobFault(glob, std::nullopt).empty(), std::string_view(glob) != "//*") << glob;
  }
  EXPECT_NE(GlobFault("?x*", Ipc::kPosix).empty(), GlobFault("/x*/", Ipc::kPosix).empty());
  EXPECT_NE(GlobFault("id:*", Ipc::kPosix), "");
  EXPECT_EQ(GlobFault("id:*", Ipc::kSysv), "");
}

// The judgement against the library, with names that cover each kind.
TEST(GlobFault, WhatMatchesANameIsNoFault) {
  for (const char* glob :
       {"*", "/*", "?a", "[/0]*", "/[a-z]", "/[!b]", "0x[0-9]*", "id:[[:digit:]]", "*a", "/[]a]", "*/a"}) {
    bool matches = false;
    for (const char* name : {"/a", "0x0000beef", "id:7"}) matches = matches || fnmatch(glob, name, 0) == 0;
    EXPECT_TRUE(matches) << glob;
    EXPECT_EQ(GlobFault(glob, std::nullopt), "") << glob;
  }
}

}  // namespace
}  // namespace mqueue::settings
