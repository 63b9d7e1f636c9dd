#include "daemon/access/credentials.h"

#include <gtest/gtest.h>

namespace mqueue::access {
namespace {

void ExpectCredentials(std::string_view field, std::string_view user, std::string_view password) {
  const auto given = ParseBasic(field);
  ASSERT_TRUE(given) << field;
  EXPECT_EQ(given->user, user);
  EXPECT_EQ(given->password, password);
}

TEST(ParseBasic, TellsUserAndPassword) {
  ExpectCredentials("Basic YTpiYw==", "a", "bc");
  ExpectCredentials("bASIC YTpiYw==", "a", "bc");
  ExpectCredentials("Basic   YTpi", "a", "b");
  ExpectCredentials("Basic YTo=", "a", "");
  ExpectCredentials("Basic Og==", "", "");
}

TEST(ParseBasic, OnlyTheFirstColonParts) { ExpectCredentials("Basic YTpiOmM=", "a", "b:c"); }

TEST(ParseBasic, LeavesOtherTextsAlone) {
  for (const std::string_view field :
       {"", "Basic", "Basic ", "Bearer YTpi", "YTpi", "BasicYTpi", "Basic YTp", "Basic YTpi YTpi",
        "Basic ====", "Basic YTpi====", "Basic !!!!", "Basic YWJj", "Basic YTpi\n"}) {
    EXPECT_FALSE(ParseBasic(field)) << field;
  }
  // "a:b" and a NUL: a password that ends before its end.
  EXPECT_FALSE(ParseBasic("Basic YTpiAA=="));
}

}  // namespace
}  // namespace mqueue::access
