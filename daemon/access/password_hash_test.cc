#include "daemon/access/password_hash.h"

#include <gtest/gtest.h>

#include <string>

namespace mqueue::access {
namespace {

// The vectors are those that come with crypt_blowfish.
constexpr char kCyrillic[] = "\xD1\x91";
constexpr char kCyrillicHash[] = "$2b$05$6bNw2HLQYeqHYyBfLMsv/OUcZd0LKP39b87nBw3.S2tVZSqiQX6eu";

std::string WithLetter(char letter, std::string hash) {
  hash[2] = letter;
  return hash;
}

TEST(IsHashOf, OnlyTheRightPasswordFits) {
  EXPECT_TRUE(IsHashOf("$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"));
  for (const char* wrong : {"", "U*", "U*U*", "u*u", "U*V"}) {
    EXPECT_FALSE(IsHashOf("$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", wrong)) << wrong;
  }
}

TEST(IsHashOf, LetterOfTheVariantMakesNoDifference) {
  for (const char letter : {'a', 'b', 'x', 'y'})
    EXPECT_TRUE(IsHashOf(WithLetter(letter, kCyrillicHash), kCyrillic)) << letter;
  // crypt(3) answers $2a$ differently here.
  for (const char letter : {'a', 'b', 'x', 'y'}) {
    const char* hash = "$2b$05$6bNw2HLQYeqHYyBfLMsv/OKn4ywtDerj.HEix46c8YMRfRi7b0JOW";
    EXPECT_TRUE(IsHashOf(WithLetter(letter, hash), "\xFF\xFF\xA3")) << letter;
  }
}

TEST(IsHashOf, HashOfTheOldBugFitsNoPassword) {
  EXPECT_FALSE(IsHashOf("$2x$05$6bNw2HLQYeqHYyBfLMsv/OiwqTymGIGzFsA4hOTWebfehXHNprcAS", kCyrillic));
}

TEST(IsHashOf, BytesAfterThe72ndAreIgnored) {
  std::string password;
  for (int i = 0; i < 600; ++i) password += static_cast<char>('a' + i % 26);
  const char* hash = "$2b$04$6bNw2HLQYeqHYyBfLMsv/OZ9kLfY9ct6QP7q0lpPZ6r7OOCl7qFza";
  for (const std::size_t length : {72U, 73U, 511U, 512U, 600U}) EXPECT_TRUE(IsHashOf(hash, password.substr(0, length)));
  EXPECT_FALSE(IsHashOf(hash, password.substr(0, 71)));
}

TEST(IsHashOf, SpareBitsOfTheSaltAreIgnored) {
  std::string hash = "$2b$04$6bNw2HLQYeqHYyBfLMsv/Ol2j3Q9JpQXql.sNQ.lkkh6nlvYBhkdK";
  EXPECT_TRUE(IsHashOf(hash, "abc"));
  ASSERT_EQ(hash[28], 'O');
  hash[28] = 'P';
  EXPECT_TRUE(IsHashOf(hash, "abc"));
  hash[28] = 'e';
  EXPECT_FALSE(IsHashOf(hash, "abc"));
}

TEST(IsHashOf, OtherTextIsNoHash) {
  for (const char* text : {"", "*", "$2b$04$", "$6$abcdefgh$0123456789012345678901234567890123456789012345678901"}) {
    EXPECT_FALSE(IsHashOf(text, "")) << text;
  }
}

}  // namespace
}  // namespace mqueue::access
