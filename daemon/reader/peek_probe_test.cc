#include "daemon/reader/peek_probe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

namespace mqueue::reader {
namespace {

constexpr auto& kMessages = os::ProbeQueue::kMessages;

// What a kernel with the call answers; each test spoils one thing.
os::Result<std::optional<os::PeekedMessage>> RightPeek(std::uint64_t index, os::PeekBuffer& buffer) {
  if (index >= kMessages.size()) return std::nullopt;
  std::ranges::copy(kMessages[index].payload, buffer.data());
  return os::PeekedMessage{.priority = kMessages[index].priority,
                           .payload = buffer.Filled(kMessages[index].payload.size())};
}

os::Result<mq_snapshot> RightSnapshot(std::uint32_t below, std::span<mq_snapshot_entry> room) {
  mq_snapshot page{};
  page.messages = page.sent = 3;
  page.bytes = 20;
  page.nr_priorities = 2;
  for (const mq_snapshot_entry& entry :
       {mq_snapshot_entry{.priority = 7, .messages = 2, .bytes = 20, .head_age_ns = 5},
        mq_snapshot_entry{.priority = 2, .messages = 1, .bytes = 0, .head_age_ns = 6}}) {
    if (entry.priority < below && page.nr_entries < room.size()) room[page.nr_entries++] = entry;
  }
  return page;
}

int CodeOf(const os::Result<void>& checked) { return checked ? 0 : checked.error().code; }

TEST(CheckPeek, FullRightAnswerIsBelieved) { EXPECT_EQ(CodeOf(CheckPeek(RightPeek)), 0); }

TEST(CheckPeek, ErrorOfTheCallIsHandedOn) {
  EXPECT_EQ(CodeOf(CheckPeek([](std::uint64_t, os::PeekBuffer&) -> os::Result<std::optional<os::PeekedMessage>> {
              return std::unexpected(os::Error{ENOSYS, "told by the test"});
            })),
            ENOSYS);
}

TEST(CheckPeek, CallThatReturnsSomethingForEveryIndexIsNotBelieved) {
  EXPECT_EQ(CodeOf(CheckPeek([](std::uint64_t, os::PeekBuffer& buffer) { return RightPeek(0, buffer); })), EPROTO);
}

TEST(CheckPeek, CallThatReturnsNothingIsNotBelieved) {
  EXPECT_EQ(CodeOf(CheckPeek([](std::uint64_t, os::PeekBuffer&) -> os::Result<std::optional<os::PeekedMessage>> {
              return std::nullopt;
            })),
            EPROTO);
}

TEST(CheckPeek, WrongPriorityOrPayloadIsNotBelieved) {
  EXPECT_EQ(CodeOf(CheckPeek([](std::uint64_t index, os::PeekBuffer& buffer) {
              auto answer = RightPeek(index, buffer);
              if (*answer) (*answer)->priority = 0;
              return answer;
            })),
            EPROTO);
  EXPECT_EQ(CodeOf(CheckPeek([](std::uint64_t index, os::PeekBuffer& buffer) {
              auto answer = RightPeek(index, buffer);
              *buffer.data() ^= 1;
              return answer;
            })),
            EPROTO);
}

TEST(CheckPeek, CallThatTakesAMessageOutIsNotBelieved) {
  std::uint64_t taken = 0;
  EXPECT_EQ(CodeOf(CheckPeek([&taken](std::uint64_t index, os::PeekBuffer& buffer) {
              if (index == kMessages.size()) ++taken;
              return RightPeek(index + taken, buffer);
            })),
            EPROTO);
}

TEST(CheckSnapshot, FullRightAnswerIsBelieved) { EXPECT_EQ(CodeOf(CheckSnapshot(RightSnapshot)), 0); }

TEST(CheckSnapshot, ErrorOfTheCallIsHandedOn) {
  EXPECT_EQ(CodeOf(CheckSnapshot([](std::uint32_t, std::span<mq_snapshot_entry>) -> os::Result<mq_snapshot> {
              return std::unexpected(os::Error{ENOTTY, "told by the test"});
            })),
            ENOTTY);
}

TEST(CheckSnapshot, AnyWrongFieldIsNotBelieved) {
  using Spoil = void (*)(mq_snapshot&, std::span<mq_snapshot_entry>);
  constexpr Spoil kSpoils[] = {
      [](auto& page, auto) { page.messages = 2; },
      [](auto& page, auto) { page.bytes = 0; },
      [](auto& page, auto) { page.sent = 0; },
      [](auto& page, auto) { page.received = 1; },
      [](auto& page, auto) { page.waiting_senders = 1; },
      [](auto& page, auto) { page.waiting_receivers = 1; },
      [](auto& page, auto) { page.nr_priorities = 1; },
      [](auto& page, auto) { page.reserved[3] = 1; },
      [](auto&, auto room) { room[0].messages = 3; },
      [](auto&, auto room) { room[0].bytes = 1; },
      [](auto& page, auto) { page.nr_entries = 0; },
      [](auto&, auto room) { room[0].priority = 31; },
  };
  for (std::size_t which = 0; which < std::size(kSpoils); ++which) {
    EXPECT_EQ(CodeOf(CheckSnapshot([&](std::uint32_t below, std::span<mq_snapshot_entry> room) {
                auto page = RightSnapshot(below, room);
                kSpoils[which](*page, room);
                return page;
              })),
              EPROTO)
        << which;
  }
}

TEST(CheckSnapshot, CallThatCannotPageIsNotBelieved) {
  EXPECT_EQ(
      CodeOf(CheckSnapshot([](std::uint32_t, std::span<mq_snapshot_entry> room) { return RightSnapshot(8, room); })),
      EPROTO);
}

}  // namespace
}  // namespace mqueue::reader
