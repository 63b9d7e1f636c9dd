#include "daemon/yaml/source_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mqueue::yaml {
namespace {

using testing::ElementsAre;

std::vector<std::string> Faults(std::string_view text) {
  Problems problems;
  const bool passed = CheckSourceText(text, problems);
  EXPECT_EQ(passed, problems.empty());
  return problems.Lines("x");
}

TEST(CheckSourceText, OrdinaryTextPasses) {
  EXPECT_THAT(Faults(""), ElementsAre());
  EXPECT_THAT(Faults("a: b\r\n  c: d\t# e\n"), ElementsAre());
  EXPECT_THAT(Faults("\xEF\xBB\xBF"
                     "a: \xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\x98"),
              ElementsAre());
}

TEST(CheckSourceText, InvalidUtf8IsFound) {
  EXPECT_THAT(Faults("a\nb \xFF"), ElementsAre("x:2:3: byte 0xff is not UTF-8; save as UTF-8"));
  for (const char* text :
       {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE2\x82", "\xC3("}) {
    EXPECT_EQ(Faults(text).size(), 1U) << text;
  }
}

TEST(CheckSourceText, ControlCharactersAreFound) {
  EXPECT_THAT(Faults(std::string("a\0b", 3)), ElementsAre("x:1:2: control character 0x00; remove it"));
  EXPECT_THAT(Faults("\x04"), ElementsAre("x:1:1: control character 0x04; remove it"));
  EXPECT_THAT(Faults("\x7F"), ElementsAre("x:1:1: control character 0x7f; remove it"));
}

TEST(CheckSourceText, TabIndentsNothing) {
  EXPECT_THAT(Faults("a:\n \tb: 1\n"), ElementsAre("x:2:2: tab in the indentation; indent with spaces"));
  EXPECT_THAT(Faults("a:\tb"), ElementsAre());
}

TEST(CheckSourceText, DirectiveIsNotSkipped) {
  EXPECT_THAT(Faults("a: 1\n%interval: 5s\n"), ElementsAre("x:2:1: YAML directive; leave the line out"));
  EXPECT_THAT(Faults("a: %b"), ElementsAre());
}

}  // namespace
}  // namespace mqueue::yaml
