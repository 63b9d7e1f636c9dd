#include "daemon/text/utf8.h"

#include <gtest/gtest.h>

namespace mqueue {
namespace {

TEST(Utf8CharacterSize, CountsTheBytesOfTheFirstCharacter) {
  EXPECT_EQ(Utf8CharacterSize("a\xFF"), 1U);
  EXPECT_EQ(Utf8CharacterSize("\xC3\xA9t\xC3\xA9"), 2U);
  EXPECT_EQ(Utf8CharacterSize("\xE2\x82\xAC"), 3U);
  EXPECT_EQ(Utf8CharacterSize("\xF0\x9F\x93\xA8"), 4U);
  EXPECT_EQ(Utf8CharacterSize(std::string_view("\0", 1)), 1U);
}

TEST(Utf8CharacterSize, NothingHasNoCharacter) { EXPECT_EQ(Utf8CharacterSize(""), 0U); }

TEST(Utf8CharacterSize, CutCharactersAreInvalid) {
  for (const std::string_view text : {"\xC3", "\xE2\x82", "\xF0\x9F\x93", "\xC3(", "\xE2\x82("}) {
    EXPECT_EQ(Utf8CharacterSize(text), 0U);
  }
}

TEST(Utf8CharacterSize, BytesThatBeginNoCharacterAreInvalid) {
  for (const std::string_view text : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xF5\x80\x80\x80", "\xFE", "\xFF"}) {
    EXPECT_EQ(Utf8CharacterSize(text), 0U);
  }
}

TEST(Utf8CharacterSize, OverlongFormsSurrogatesAndBeyondUnicodeAreInvalid) {
  EXPECT_EQ(Utf8CharacterSize("\xE0\x9F\xBF"), 0U);
  EXPECT_EQ(Utf8CharacterSize("\xF0\x8F\xBF\xBF"), 0U);
  EXPECT_EQ(Utf8CharacterSize("\xED\xA0\x80"), 0U);
  EXPECT_EQ(Utf8CharacterSize("\xF4\x90\x80\x80"), 0U);
}

TEST(Utf8CharacterSize, EdgesOfUnicodeAreValid) {
  EXPECT_EQ(Utf8CharacterSize("\xE0\xA0\x80"), 3U);
  EXPECT_EQ(Utf8CharacterSize("\xED\x9F\xBF"), 3U);
  EXPECT_EQ(Utf8CharacterSize("\xEE\x80\x80"), 3U);
  EXPECT_EQ(Utf8CharacterSize("\xF4\x8F\xBF\xBF"), 4U);
}

TEST(CodePoint, IsWhatTheBytesEncode) {
  EXPECT_EQ(CodePoint("A"), U'A');
  EXPECT_EQ(CodePoint("\xC2\x80"), 0x80U);
  EXPECT_EQ(CodePoint("\xDF\xBF"), 0x7FFU);
  EXPECT_EQ(CodePoint("\xE0\xA0\x80"), 0x800U);
  EXPECT_EQ(CodePoint("\xE2\x80\xAE"), 0x202EU);
  EXPECT_EQ(CodePoint("\xEF\xBF\xBF"), 0xFFFFU);
  EXPECT_EQ(CodePoint("\xF0\x90\x80\x80"), 0x10000U);
  EXPECT_EQ(CodePoint("\xF4\x8F\xBF\xBF"), 0x10FFFFU);
}

TEST(IsUtf8, OneBadByteSpoilsTheWhole) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("/\xC3\xA9t\xC3\xA9\n"));
  EXPECT_FALSE(IsUtf8("/orders\xFF"));
  EXPECT_FALSE(IsUtf8("\xFF/orders"));
}

}  // namespace
}  // namespace mqueue
