#include "daemon/yaml/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mqueue::yaml {
namespace {

using Kind = Node::Kind;
using testing::ElementsAre;

Node Parsed(std::string_view text) {
  Problems problems;
  auto root = Parse(text, problems);
  EXPECT_THAT(problems.Lines("x"), ElementsAre());
  return root.value_or(Node());
}

TEST(Parse, MappingKeepsOrderAndPlaces) {
  const Node root = Parsed("b: 1\na:\n  - x\n");
  EXPECT_EQ(root.kind, Kind::kMapping);
  ASSERT_EQ(root.children.size(), 2U);
  EXPECT_EQ(root.children[0].key, "b");
  EXPECT_EQ(root.children[0].text, "1");
  EXPECT_EQ(root.children[0].at, (Position{1, 4}));
  EXPECT_EQ(root.children[1].key_at, (Position{2, 1}));
  EXPECT_EQ(root.children[1].kind, Kind::kList);
  EXPECT_EQ(root.children[1].children.at(0).at, (Position{3, 5}));
}

TEST(Parse, QuotesAreRemembered) {
  EXPECT_FALSE(Parsed("true").quoted);
  EXPECT_TRUE(Parsed("'true'").quoted);
  EXPECT_TRUE(Parsed("|\n  true\n").quoted);
}

TEST(Parse, MissingValueStandsWhereItsKeyDoes) {
  const Node root = Parsed("a: 1\nb:\n\n\n# end\n");
  ASSERT_EQ(root.children.size(), 2U);
  EXPECT_EQ(root.children[1].kind, Kind::kNull);
  EXPECT_EQ(root.children[1].at, (Position{2, 1}));
}

TEST(Parse, DoubledKeyIsAProblemAndBothAreKept) {
  Problems problems;
  const Node root = Parse("a: 1\na: 2\n", problems).value_or(Node());
  EXPECT_EQ(root.children.size(), 2U);
  EXPECT_THAT(problems.Lines("x"), ElementsAre(R"(x:2:1: "a" is here for the second time; keep this or line 1's)"));
}

TEST(Parse, DeepestAllowedNestingIsRead) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  Problems problems;
  EXPECT_TRUE(Parse(nested(kMaxDepth), problems));
  EXPECT_FALSE(Parse(nested(kMaxDepth + 1), problems));
}

TEST(Parse, OpenQuoteAtTheEndIsNotForgiven) {
  for (const char* text : {"a: \"5s", "a: \"5s\n", "a: '5s\n\n", "\"", "'\n"}) {
    Problems problems;
    EXPECT_FALSE(Parse(text, problems)) << text;
    EXPECT_FALSE(problems.empty());
  }
}

TEST(Parse, CommentOnTheLastLineNeedsNoLineEnd) { EXPECT_EQ(Parsed("a: b # c").children.at(0).text, "b"); }

TEST(Parse, BlockOnTheLastLineEndsWithTheText) { EXPECT_EQ(Parsed("a: |\n  b").children.at(0).text, "b\n"); }

}  // namespace
}  // namespace mqueue::yaml
