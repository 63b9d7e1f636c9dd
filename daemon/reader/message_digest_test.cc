#include "daemon/reader/message_digest.h"

#include <gtest/gtest.h>

#include <string_view>

namespace mqueue::reader {
namespace {

std::span<const std::byte> Bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

TEST(MessageDigest, EqualMessagesHaveEqualDigests) {
  const MessageDigest digest;
  EXPECT_EQ(digest(1, Bytes("same")), digest(1, Bytes("same")));
}

TEST(MessageDigest, TypeSizeAndPayloadEachMakeADifference) {
  const MessageDigest digest(7);
  EXPECT_NE(digest(1, Bytes("same")), digest(2, Bytes("same")));
  EXPECT_NE(digest(1, Bytes("same")), digest(1, Bytes("other")));
  EXPECT_NE(digest(1, Bytes(std::string_view("a\0", 1))), digest(1, Bytes(std::string_view("a\0", 2))));
}

TEST(MessageDigest, AnotherKeyGivesAnotherDigest) {
  EXPECT_NE(MessageDigest(7)(1, Bytes("same")), MessageDigest(8)(1, Bytes("same")));
  EXPECT_NE(MessageDigest()(1, Bytes("same")), MessageDigest()(1, Bytes("same")));
}

TEST(MessageDigest, EmptyMessageHasADigest) { EXPECT_NE(MessageDigest()(1, {}), 0); }

}  // namespace
}  // namespace mqueue::reader
