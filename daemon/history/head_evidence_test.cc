#include "daemon/history/head_evidence.h"

#include <gtest/gtest.h>

namespace mqueue::history {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kEarlier{1000};
constexpr seconds kLater{1005};

HeadMark Mark(std::uint64_t identity, std::uint64_t twins = 1, std::uint64_t next = 0) {
  return {.identity = identity, .twins = twins, .next = next};
}

// A SysV queue into which the last message went long ago and from which nothing was received.
HeadEvidence Sysv(seconds seen_at, HeadMark mark) {
  return {.messages = 3, .mark = mark, .saw_all = true, .seen_at_realtime = seen_at, .last_sent = seconds(900)};
}

HeadEvidence Posix(seconds seen_at, seconds changed) {
  return {.messages = 3, .seen_at_realtime = seen_at, .last_changed = changed};
}

// The later of two looks, with a receive and, if asked, a send in between.
HeadEvidence AfterReceive(HeadMark mark, bool sent) {
  auto evidence = Sysv(kLater, mark);
  evidence.last_received = seconds(1003);
  evidence.last_receiver_pid = 7;
  if (sent) evidence.last_sent = seconds(1004);
  return evidence;
}

TEST(IsSameHead, AnotherMarkIsAnotherHead) { EXPECT_FALSE(IsSameHead(Sysv(kEarlier, Mark(1)), Sysv(kLater, Mark(2)))); }

TEST(IsSameHead, SameMarkAndNothingReceivedIsTheSame) {
  EXPECT_TRUE(IsSameHead(Sysv(kEarlier, Mark(1)), Sysv(kLater, Mark(1))));
}

TEST(IsSameHead, SendsBehindTheHeadDoNotChangeIt) {
  auto later = Sysv(kLater, Mark(1, 2, 1));
  later.last_sent = seconds(1004);
  later.messages = 4;
  EXPECT_TRUE(IsSameHead(Sysv(kEarlier, Mark(1)), later));
}

TEST(IsSameHead, TwinThatMovedUpIsAnotherHead) {
  EXPECT_FALSE(IsSameHead(Sysv(kEarlier, Mark(1, 2, 1)), AfterReceive(Mark(1, 1), false)));
}

TEST(IsSameHead, TwinsThatAreAllStillThereKeepTheHead) {
  EXPECT_TRUE(IsSameHead(Sysv(kEarlier, Mark(1, 2, 1)), AfterReceive(Mark(1, 2, 1), false)));
}

TEST(IsSameHead, TwinsThatMayHaveBeenReplacedDoNot) {
  EXPECT_FALSE(IsSameHead(Sysv(kEarlier, Mark(1, 2, 1)), AfterReceive(Mark(1, 2, 1), true)));
}

TEST(IsSameHead, LoneMessageThatMayHaveBeenSentAgainIsAnotherHead) {
  EXPECT_FALSE(IsSameHead(Sysv(kEarlier, Mark(1)), AfterReceive(Mark(1), true)));
}

TEST(IsSameHead, HeadThatOthersWereTakenFromBehindIsTheSame) {
  EXPECT_TRUE(IsSameHead(Sysv(kEarlier, Mark(1, 1, 9)), AfterReceive(Mark(1, 1, 9), true)));
}

TEST(IsSameHead, PartialSightDoesNotCountTwins) {
  auto earlier = Sysv(kEarlier, Mark(1, 2, 1));
  earlier.saw_all = false;
  EXPECT_FALSE(IsSameHead(earlier, AfterReceive(Mark(1, 2, 1), false)));
}

TEST(IsSameHead, ReceiveWithinTheSecondOfTheEarlierLookCannotBeRuledOut) {
  auto earlier = Sysv(kEarlier, Mark(1));
  auto later = Sysv(kLater, Mark(1));
  earlier.last_received = later.last_received = kEarlier;
  earlier.last_sent = later.last_sent = kEarlier;
  EXPECT_FALSE(IsSameHead(earlier, later));
  earlier.seen_at_realtime = kEarlier + milliseconds(1500);
  EXPECT_TRUE(IsSameHead(earlier, later));
}

TEST(IsSameHead, UnchangedPosixQueueKeepsItsHead) {
  EXPECT_TRUE(IsSameHead(Posix(kEarlier, seconds(900)), Posix(kLater, seconds(900))));
  EXPECT_FALSE(IsSameHead(Posix(kEarlier, seconds(900)), Posix(kLater, seconds(1003))));
}

TEST(IsSameHead, PosixChangeWithinTheSecondOfTheEarlierLookCannotBeRuledOut) {
  EXPECT_FALSE(IsSameHead(Posix(kEarlier, kEarlier), Posix(kLater, kEarlier)));
}

TEST(IsSameHead, PosixMessageThatMayHaveBeenSentAgainIsAnotherHead) {
  auto earlier = Posix(kEarlier, seconds(900));
  auto later = Posix(kLater, seconds(1003));
  earlier.mark = later.mark = Mark(1);
  earlier.saw_all = later.saw_all = true;
  EXPECT_FALSE(IsSameHead(earlier, later));
  earlier.mark = later.mark = Mark(1, 1, 9);
  EXPECT_TRUE(IsSameHead(earlier, later));
}

TEST(IsSameHead, UnchangedCountOfReceivedMessagesKeepsAHeadOfTheSamePriority) {
  auto earlier = Posix(kEarlier, seconds(900));
  auto later = Posix(kLater, seconds(1003));
  earlier.received = later.received = 12;
  earlier.head_priority = later.head_priority = 3;
  EXPECT_TRUE(IsSameHead(earlier, later));
  later.head_priority = 4;
  EXPECT_FALSE(IsSameHead(earlier, later));
  later = earlier;
  later.last_changed = seconds(1003);
  later.received = 13;
  EXPECT_FALSE(IsSameHead(earlier, later));
}

TEST(IsSameHead, EmptyQueueHasNoHead) {
  auto earlier = Posix(kEarlier, seconds(900));
  earlier.messages = 0;
  EXPECT_FALSE(IsSameHead(earlier, Posix(kLater, seconds(900))));
}

}  // namespace
}  // namespace mqueue::history
