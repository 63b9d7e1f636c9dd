#include "daemon/yaml/problems.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mqueue::yaml {
namespace {

using testing::ElementsAre;

TEST(Problems, AreSortedByPosition) {
  Problems problems;
  EXPECT_TRUE(problems.empty());
  problems.Add({3, 1}, "c");
  problems.Add({1, 9}, "b");
  problems.Add({1, 2}, "a");
  EXPECT_FALSE(problems.empty());
  EXPECT_THAT(problems.Lines("x.yml"), ElementsAre("x.yml:1:2: a", "x.yml:1:9: b", "x.yml:3:1: c"));
}

TEST(Problems, EndlessListIsCutAndCounted) {
  Problems problems;
  for (std::size_t line = 1; line <= 2 * Problems::kMostKept; ++line) problems.Add({line, 1}, "again");
  const std::vector<std::string> lines = problems.Lines("x.yml");
  ASSERT_EQ(lines.size(), Problems::kMostShown + 1);
  EXPECT_EQ(lines[49], "x.yml:50:1: again");
  EXPECT_EQ(lines[50], "x.yml: 1950 more like these");
}

TEST(Problems, WarningsAreKeptApart) {
  Problems problems;
  problems.Warn({2, 1}, "b");
  problems.Warn({1, 5}, "a");
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(problems.Lines("x").size(), 0U);
  EXPECT_EQ(problems.Warnings("x"), (std::vector<std::string>{"x:1:5: a", "x:2:1: b"}));
}

}  // namespace
}  // namespace mqueue::yaml
