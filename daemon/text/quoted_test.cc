#include "daemon/text/quoted.h"

#include <gtest/gtest.h>

#include <string>

namespace mqueue {
namespace {

TEST(Quoted, StaysOnOneLine) { EXPECT_EQ(Quoted("a\n\"\x1b"), R"("a\n\"\x1b")"); }

TEST(Quoted, InvalidUtf8IsEscaped) { EXPECT_EQ(Quoted("\xff"), R"("\xff")"); }

TEST(Quoted, LongTextIsCut) { EXPECT_EQ(Quoted(std::string(81, 'a')), '"' + std::string(80, 'a') + "\"..."); }

}  // namespace
}  // namespace mqueue
