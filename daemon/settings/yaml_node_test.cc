#include "daemon/settings/yaml_node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mqueue::settings {
namespace {

using Kind = YamlNode::Kind;
using testing::ElementsAre;

YamlNode Parsed(std::string_view text) {
  Problems problems;
  auto root = ParseYaml(text, problems);
  EXPECT_THAT(problems.Lines("x"), ElementsAre());
  return root.value_or(YamlNode());
}

TEST(ParseYaml, MappingKeepsOrderAndPlaces) {
  const YamlNode root = Parsed("b: 1\na:\n  - x\n");
  EXPECT_EQ(root.kind, Kind::kMapping);
  ASSERT_EQ(root.children.size(), 2U);
  EXPECT_EQ(root.children[0].key, "b");
  EXPECT_EQ(root.children[0].text, "1");
  EXPECT_EQ(root.children[0].at, (Position{1, 4}));
  EXPECT_EQ(root.children[1].key_at, (Position{2, 1}));
  EXPECT_EQ(root.children[1].kind, Kind::kList);
  EXPECT_EQ(root.children[1].children.at(0).at, (Position{3, 5}));
}

TEST(ParseYaml, QuotesAreRemembered) {
  EXPECT_FALSE(Parsed("true").quoted);
  EXPECT_TRUE(Parsed("'true'").quoted);
  EXPECT_TRUE(Parsed("|\n  true\n").quoted);
}

TEST(ParseYaml, MissingValueStandsWhereItsKeyDoes) {
  const YamlNode root = Parsed("a: 1\nb:\n\n\n# end\n");
  ASSERT_EQ(root.children.size(), 2U);
  EXPECT_EQ(root.children[1].kind, Kind::kNull);
  EXPECT_EQ(root.children[1].at, (Position{2, 1}));
}

TEST(ParseYaml, DoubledKeyIsAProblemAndBothAreKept) {
  Problems problems;
  const YamlNode root = ParseYaml("a: 1\na: 2\n", problems).value_or(YamlNode());
  EXPECT_EQ(root.children.size(), 2U);
  EXPECT_THAT(problems.Lines("x"), ElementsAre(R"(x:2:1: "a" is here for the second time; keep this or line 1's)"));
}

TEST(ParseYaml, DeepestAllowedNestingIsRead) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  Problems problems;
  EXPECT_TRUE(ParseYaml(nested(kMaxYamlDepth), problems));
  EXPECT_FALSE(ParseYaml(nested(kMaxYamlDepth + 1), problems));
}

TEST(ParseYaml, OpenQuoteAtTheEndIsNotForgiven) {
  for (const char* text : {"a: \"5s", "a: \"5s\n", "a: '5s\n\n", "\"", "'\n"}) {
    Problems problems;
    EXPECT_FALSE(ParseYaml(text, problems)) << text;
    EXPECT_FALSE(problems.empty());
  }
}

TEST(ParseYaml, CommentOnTheLastLineNeedsNoLineEnd) { EXPECT_EQ(Parsed("a: b # c").children.at(0).text, "b"); }

TEST(ParseYaml, BlockOnTheLastLineEndsWithTheText) { EXPECT_EQ(Parsed("a: |\n  b").children.at(0).text, "b\n"); }

}  // namespace
}  // namespace mqueue::settings
