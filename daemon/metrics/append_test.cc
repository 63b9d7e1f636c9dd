#include "daemon/metrics/append.h"

#include <gtest/gtest.h>

namespace mqueue::metrics {
namespace {

TEST(AppendTest, PiecesStandBehindEachOther) {
  std::string text = "a";
  AppendPieces(text, "b", std::string_view("c"), "");
  EXPECT_EQ(text, "abc");
}

// The sanitizers see what is wrong here.
TEST(AppendTest, PieceMayBeANullView) {
  std::string text;
  AppendPieces(text, "a", std::string_view(), "b");
  EXPECT_EQ(text, "ab");
}

}  // namespace
}  // namespace mqueue::metrics
