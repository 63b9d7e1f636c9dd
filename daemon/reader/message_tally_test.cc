#include "daemon/reader/message_tally.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

namespace mqueue::reader {
namespace {

std::span<const std::byte> Bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

PriorityGroup Group(std::uint64_t value, std::uint64_t messages, std::uint64_t bytes) {
  return {.value = value, .messages = messages, .bytes = bytes};
}

class MessageTallyTest : public ::testing::Test {
 protected:
  MessageDigest digest_{42};
  MessageTally tally_{digest_};
};

TEST_F(MessageTallyTest, MessagesAddUpByValueHoweverTheyAlternate) {
  tally_.Add(0, 5, Bytes("four"));
  tally_.Add(1, 3, Bytes(""));
  tally_.Add(2, 5, Bytes("seven.."));
  const auto seen = tally_.Finish();
  EXPECT_THAT(seen.groups, ::testing::ElementsAre(Group(3, 1, 0), Group(5, 2, 11)));
  EXPECT_EQ(seen.messages, 3);
  EXPECT_EQ(seen.bytes, 11);
  EXPECT_EQ(seen.head_value, 5);
}

TEST_F(MessageTallyTest, TwinsOfTheHeadHaveItsValueAndItsPayload) {
  tally_.Add(0, 5, Bytes("head"));
  tally_.Add(1, 5, Bytes("other"));
  tally_.Add(2, 4, Bytes("head"));
  tally_.Add(3, 5, Bytes("head"));
  const auto mark = tally_.Finish().head_mark;
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->identity, digest_(5, Bytes("head")));
  EXPECT_EQ(mark->twins, 2);
}

TEST_F(MessageTallyTest, HeadThatWasLeftOutLeavesNoMark) {
  tally_.Add(1, 5, Bytes("second"));
  const auto seen = tally_.Finish();
  EXPECT_EQ(seen.head_value, std::nullopt);
  EXPECT_EQ(seen.head_mark, std::nullopt);
  EXPECT_EQ(seen.messages, 1);
}

TEST_F(MessageTallyTest, NothingIsNothing) {
  const auto seen = tally_.Finish();
  EXPECT_TRUE(seen.groups.empty());
  EXPECT_EQ(seen.head_value, std::nullopt);
}

}  // namespace
}  // namespace mqueue::reader
