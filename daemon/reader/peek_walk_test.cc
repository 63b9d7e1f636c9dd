#include "daemon/reader/peek_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

namespace mqueue::reader {
namespace {

constexpr std::uint64_t kNoBound = 65536;

struct Message {
  std::uint32_t priority;
  std::string payload;
};

PeekAt From(const std::vector<Message>& messages) {
  return [&messages](std::uint64_t index, os::PeekBuffer& buffer) -> os::Result<std::optional<os::PeekedMessage>> {
    if (index >= messages.size()) return std::nullopt;
    const auto& [priority, payload] = messages[index];
    std::ranges::copy(payload, buffer.data());
    return os::PeekedMessage{.priority = priority, .payload = buffer.Filled(payload.size())};
  };
}

class WalkByPeekTest : public ::testing::Test {
 protected:
  os::Result<MessagesSeen> Walk(const PeekAt& peek, std::uint64_t max_messages = kNoBound,
                                std::chrono::nanoseconds budget = std::chrono::hours(1),
                                std::uint64_t largest_message = 64) {
    CpuBudget cpu(budget);
    CpuMeter meter(cpu);
    return WalkByPeek(peek, max_messages, largest_message, digest_, meter);
  }

  MessageDigest digest_;
  std::vector<Message> messages_{{9, "nine"}, {4, "a"}, {4, "bc"}};
};

TEST_F(WalkByPeekTest, WholeQueueIsSeen) {
  const auto seen = Walk(From(messages_));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->messages, 3);
  EXPECT_EQ(seen->bytes, 7);
  EXPECT_EQ(seen->head_value, 9);
  EXPECT_THAT(seen->groups, ::testing::ElementsAre(PriorityGroup{.value = 4, .messages = 2, .bytes = 3},
                                                   PriorityGroup{.value = 9, .messages = 1, .bytes = 4}));
}

TEST_F(WalkByPeekTest, BoundEndsTheWalk) { EXPECT_EQ(Walk(From(messages_), 2)->messages, 2); }

TEST_F(WalkByPeekTest, SpentBudgetEndsTheWalkButNotBeforeTheHead) {
  messages_.assign(1000, {1, "x"});
  const auto seen = Walk(From(messages_), kNoBound, std::chrono::nanoseconds(0));
  ASSERT_TRUE(seen);
  EXPECT_GE(seen->messages, 1);
  EXPECT_LT(seen->messages, 100);
}

TEST_F(WalkByPeekTest, RefusedMemoryIsTheFailure) {
  const auto seen = Walk(From(messages_), kNoBound, std::chrono::hours(1), std::uint64_t{1} << 62);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, ENOMEM);
}

TEST_F(WalkByPeekTest, FailedPeekIsTheFailure) {
  const auto seen = Walk([](std::uint64_t, os::PeekBuffer&) -> os::Result<std::optional<os::PeekedMessage>> {
    return std::unexpected(os::Error{EINVAL, "told by the test"});
  });
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, EINVAL);
}

}  // namespace
}  // namespace mqueue::reader
