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
  EXPECT_EQ(IsHashOf("$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"), true);
  for (const char* wrong : {"", "U*", "U*U*", "u*u", "U*V"}) {
    EXPECT_EQ(IsHashOf("$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", wrong), false) << wrong;
  }
}

TEST(IsHashOf, LetterOfTheVariantMakesNoDifference) {
  for (const char letter : {'a', 'b', 'x', 'y'})
    EXPECT_EQ(IsHashOf(WithLetter(letter, kCyrillicHash), kCyrillic), true) << letter;
  // crypt(3) answers $2a$ differently here.
  for (const char letter : {'a', 'b', 'x', 'y'}) {
    const char* hash = "$2b$05$6bNw2HLQYeqHYyBfLMsv/OKn4ywtDerj.HEix46c8YMRfRi7b0JOW";
    EXPECT_EQ(IsHashOf(WithLetter(letter, hash), "\xFF\xFF\xA3"), true) << letter;
  }
}

TEST(IsHashOf, HashOfTheOldBugFitsNoPassword) {
  EXPECT_EQ(IsHashOf("$2x$05$6bNw2HLQYeqHYyBfLMsv/OiwqTymGIGzFsA4hOTWebfehXHNprcAS", kCyrillic), false);
}

TEST(IsHashOf, BytesAfterThe72ndAreIgnored) {
  std::string password;
  for (int i = 0; i < 600; ++i) password += static_cast<char>('a' + i % 26);
  const char* hash = "$2b$04$6bNw2HLQYeqHYyBfLMsv/OZ9kLfY9ct6QP7q0lpPZ6r7OOCl7qFza";
  for (const std::size_t length : {72U, 73U, 511U, 512U, 600U})
    EXPECT_EQ(IsHashOf(hash, password.substr(0, length)), true);
  EXPECT_EQ(IsHashOf(hash, password.substr(0, 71)), false);
}

TEST(IsHashOf, SpareBitsOfTheSaltAreIgnored) {
  std::string hash = "$2b$04$6bNw2HLQYeqHYyBfLMsv/Ol2j3Q9JpQXql.sNQ.lkkh6nlvYBhkdK";
  EXPECT_EQ(IsHashOf(hash, "abc"), true);
  ASSERT_EQ(hash[28], 'O');
  hash[28] = 'P';
  EXPECT_EQ(IsHashOf(hash, "abc"), true);
  hash[28] = 'e';
  EXPECT_EQ(IsHashOf(hash, "abc"), false);
}

TEST(IsHashOf, OtherTextIsNoHash) {
  for (const char* text : {"", "*", "$2b$04$", "$6$abcdefgh$0123456789012345678901234567890123456789012345678901"}) {
    EXPECT_EQ(IsHashOf(text, ""), false) << text;
  }
}

// Of "correct horse".
const std::string kHash = "$2y$04$PjV5KJSwL1.vAang4Q6Mxe0op48VfgevKofH5Hbt5Z0Pb048G8CDS";

TEST(IsHashOf, TellsTheRightPasswordFromEveryOther) {
  EXPECT_EQ(IsHashOf(kHash, "correct horse"), true);
  for (const std::string wrong : {"", "correct hors", "correct horse ", "Correct horse", "battery staple"}) {
    EXPECT_EQ(IsHashOf(kHash, wrong), false) << wrong;
  }
}

TEST(IsHashOf, WhatIsNoHashIsOfNoPassword) {
  for (const std::string none : {"", "*", "$2y$", "correct horse"}) EXPECT_EQ(IsHashOf(none, "correct horse"), false);
}

TEST(IsHashOf, HashMustMatchWhole) {
  std::string other = kHash;
  other.back() = 'T';
  EXPECT_EQ(IsHashOf(other, "correct horse"), false);
  EXPECT_EQ(IsHashOf(kHash + "S", "correct horse"), false);
}

}  // namespace
}  // namespace mqueue::access
