#include "daemon/history/head_evidence.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace mqueue::history {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr seconds kBootAt{400};  // Unix time at which CLOCK_BOOTTIME was 0
constexpr seconds kLongAgo{900};
constexpr seconds kEarlier{1000};
constexpr seconds kBetween{1003};
constexpr seconds kLater{1005};

Instant At(nanoseconds realtime) { return {.boottime = realtime - kBootAt, .realtime = realtime}; }

HeadMark Mark(std::uint64_t identity, std::uint64_t twins = 1) { return {.identity = identity, .twins = twins}; }

// A SysV queue of which the last message was sent and received long ago.
HeadEvidence Sysv(nanoseconds seen_at, std::optional<HeadMark> mark = Mark(1)) {
  return {.messages = 3,
          .mark = mark,
          .saw_all = true,
          .seen_at = At(seen_at),
          .last_sent = kLongAgo,
          .last_received = kLongAgo,
          .last_receiver_pid = 7};
}

HeadEvidence Posix(nanoseconds seen_at, seconds changed, std::optional<HeadMark> mark = std::nullopt) {
  return {.messages = 3, .mark = mark, .saw_all = true, .seen_at = At(seen_at), .last_changed = changed};
}

HeadEvidence Sent(HeadEvidence evidence) {
  evidence.last_sent = kBetween;
  return evidence;
}

HeadEvidence Received(HeadEvidence evidence) {
  evidence.last_received = kBetween;
  return evidence;
}

HeadEvidence ReceivedBy(std::int32_t pid, HeadEvidence evidence) {
  evidence.last_receiver_pid = pid;
  return evidence;
}

HeadEvidence Partial(HeadEvidence evidence) {
  evidence.saw_all = false;
  return evidence;
}

HeadEvidence Counted(std::uint64_t received, std::uint64_t priority, HeadEvidence evidence) {
  evidence.received = received;
  evidence.head_priority = priority;
  return evidence;
}

HeadEvidence Empty(HeadEvidence evidence) {
  evidence.messages = 0;
  return evidence;
}

HeadEvidence NeverUsed(HeadEvidence evidence) {
  evidence.last_sent.reset();
  evidence.last_received.reset();
  return evidence;
}

// Seen when the wall clock had been set back by so much.
HeadEvidence SetBack(nanoseconds by, HeadEvidence evidence) {
  evidence.seen_at.realtime -= by;
  return evidence;
}

struct Case {
  std::string name;
  HeadEvidence earlier;
  HeadEvidence later;
  bool same = false;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class IsSameHeadTest : public ::testing::TestWithParam<Case> {};

TEST_P(IsSameHeadTest, OnlyIfProven) { EXPECT_EQ(IsSameHead(GetParam().earlier, GetParam().later), GetParam().same); }

INSTANTIATE_TEST_SUITE_P(
    Sysv, IsSameHeadTest,
    ::testing::Values(
        Case{"Untouched", Sysv(kEarlier), Sysv(kLater), true},
        Case{"UntouchedWithoutMark", Sysv(kEarlier, {}), Sysv(kLater, {}), true},
        Case{"NeverReceivedFrom", NeverUsed(Sysv(kEarlier)), NeverUsed(Sysv(kLater)), true},
        Case{"SentOnly", Sysv(kEarlier), Sent(Sysv(kLater)), true},
        Case{"SentOnlyATwin", Sysv(kEarlier), Sent(Sysv(kLater, Mark(1, 2))), true},
        Case{"OtherMark", Sysv(kEarlier), Sysv(kLater, Mark(2)), false},
        Case{"ReceivedOnlyTheOthers", Sysv(kEarlier), Received(Sysv(kLater)), true},
        Case{"ReceivedOnlyTheHead", Sysv(kEarlier), Received(Sysv(kLater, Mark(2))), false},
        Case{"ReceivedOnlyAndTwinsAreAllThere", Sysv(kEarlier, Mark(1, 2)), Received(Sysv(kLater, Mark(1, 2))), true},
        Case{"ReceivedOnlyAndATwinMovedUp", Sysv(kEarlier, Mark(1, 2)), Received(Sysv(kLater, Mark(1, 1))), false},
        Case{"ReceivedOnlyButTwinsNotAllCountedBefore", Partial(Sysv(kEarlier)), Received(Sysv(kLater)), false},
        Case{"ReceivedOnlyButTwinsNotAllCountedAfter", Sysv(kEarlier), Received(Partial(Sysv(kLater))), false},
        Case{"ReceivedOnlyWithoutMark", Sysv(kEarlier, {}), Received(Sysv(kLater, {})), false},
        Case{"ReceivedOnlyMarkOnlyBefore", Sysv(kEarlier), Received(Sysv(kLater, {})), false},
        // The whole queue may have been received and sent again, by whatever mark it is compared.
        Case{"ReceivedAndSent", Sysv(kEarlier), Sent(Received(Sysv(kLater))), false},
        Case{"ReceivedAndSentWithTwins", Sysv(kEarlier, Mark(1, 2)), Sent(Received(Sysv(kLater, Mark(1, 2)))), false},
        Case{"ReceivedByAnotherInTheSameSecond", Sysv(kEarlier), Sent(ReceivedBy(8, Sysv(kLater))), false},
        Case{"EmptyBefore", Empty(Sysv(kEarlier)), Sysv(kLater), false},
        Case{"EmptyAfter", Sysv(kEarlier), Empty(Sysv(kLater)), false}),
    [](const auto& test) { return test.param.name; });

// The last send and receive fell into the second in which the earlier look was, so more may have followed it unseen.
HeadEvidence JustUsed(nanoseconds seen_at) {
  auto evidence = Sysv(seen_at);
  evidence.last_sent = evidence.last_received = kEarlier;
  return evidence;
}

INSTANTIATE_TEST_SUITE_P(
    Stamps, IsSameHeadTest,
    ::testing::Values(
        Case{"SecondWasNotOver", JustUsed(kEarlier + milliseconds(999)), JustUsed(kLater), false},
        Case{"SecondWasOverButTheKernelsClockMayLag", JustUsed(kEarlier + seconds(1)), JustUsed(kLater), false},
        Case{"SecondWasLongOver", JustUsed(kEarlier + seconds(1) + kStampLag), JustUsed(kLater), true},
        // The clock was set back into the second of the stamp, where it may have stood while a message went.
        Case{"ClockWasSetBackIntoTheSecond", JustUsed(kEarlier + seconds(3)), SetBack(seconds(3), JustUsed(kLater)),
             false},
        Case{"ClockWasSetForward", JustUsed(kEarlier + seconds(3)), SetBack(-seconds(3), JustUsed(kLater)), true}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Posix, IsSameHeadTest,
    ::testing::Values(
        Case{"Unchanged", Posix(kEarlier, kLongAgo), Posix(kLater, kLongAgo), true},
        Case{"UnchangedWithMark", Posix(kEarlier, kLongAgo, Mark(1)), Posix(kLater, kLongAgo, Mark(1)), true},
        Case{"UnchangedButOtherMark", Posix(kEarlier, kLongAgo, Mark(1)), Posix(kLater, kLongAgo, Mark(2)), false},
        Case{"Changed", Posix(kEarlier, kLongAgo), Posix(kLater, kBetween), false},
        // One stamp for both directions: what looks like a send behind the head may be a new queue of the same
        // messages.
        Case{"ChangedWithTheSameMark", Posix(kEarlier, kLongAgo, Mark(1)), Posix(kLater, kBetween, Mark(1)), false},
        Case{"ChangedInTheSecondOfTheEarlierLook", Posix(kEarlier, kEarlier), Posix(kLater, kEarlier), false},
        Case{"NothingReceivedByCount", Counted(12, 3, Posix(kEarlier, kLongAgo)),
             Counted(12, 3, Posix(kLater, kBetween)), true},
        Case{"NothingReceivedButOvertaken", Counted(12, 3, Posix(kEarlier, kLongAgo)),
             Counted(12, 4, Posix(kLater, kBetween)), false},
        Case{"ReceivedByCount", Counted(12, 3, Posix(kEarlier, kLongAgo)), Counted(13, 3, Posix(kLater, kLongAgo)),
             false},
        Case{"EmptyBefore", Empty(Posix(kEarlier, kLongAgo)), Posix(kLater, kLongAgo), false}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace mqueue::history
