#include "daemon/history/history.h"

#include <gtest/gtest.h>

namespace mqueue::history {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr seconds kBootAt{1'000'000};  // Unix time at which CLOCK_BOOTTIME was 0

class HistoryTest : public ::testing::Test {
 protected:
  // Both clocks go on.
  void Wait(nanoseconds time) {
    now_.boottime += time;
    now_.realtime += time;
  }
  void StepWallClock(nanoseconds by) { now_.realtime += by; }
  seconds Stamp() const { return std::chrono::floor<seconds>(now_.realtime); }

  // A SysV queue as msg_copy sees it.
  QueueSnapshot Sysv(std::uint64_t identity) const {
    return {.reader = ReaderKind::kMsgCopy,
            .looked_at = now_,
            .messages = 1,
            .truncated = false,
            .head_mark = HeadMark{.identity = identity},
            .last_sent = sent_,
            .last_received = received_};
  }
  // A POSIX queue as attr sees it.
  QueueSnapshot Posix(seconds changed) const { return {.looked_at = now_, .messages = 1, .last_changed = changed}; }
  std::optional<MessageAge> Record(const QueueSnapshot& snapshot) {
    return history_.Record(track_, queue_, snapshot).head;
  }

  Instant now_{.boottime = seconds(5000), .realtime = kBootAt + seconds(5000)};
  std::optional<seconds> sent_;
  std::optional<seconds> received_;
  WatchedQueue queue_{{.ipc = Ipc::kSysv, .name = "0x0000beef", .id = 3}, std::make_shared<QueuePolicy>()};
  Track track_;
  History history_;
};

TEST_F(HistoryTest, HeadAtFirstSightIsAsOldAsTheLastSend) {
  sent_ = Stamp();
  Wait(seconds(100));
  const auto head = Record(Sysv(1));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->age, seconds(99) - kStampLag);
  EXPECT_EQ(head->timestamp, now_.realtime - (seconds(99) - kStampLag));
}

TEST_F(HistoryTest, StuckHeadAges) {
  sent_ = Stamp();
  Wait(seconds(10));
  Record(Sysv(1));
  Wait(seconds(5));
  sent_ = Stamp();
  EXPECT_EQ(Record(Sysv(1))->age, seconds(14) - kStampLag);
}

TEST_F(HistoryTest, HeadThatArrivedBetweenTwoLooksCountsFromTheLater) {
  Record(Sysv(1));
  Wait(seconds(3));
  received_ = Stamp();
  Wait(seconds(2));
  sent_ = Stamp();
  EXPECT_EQ(Record(Sysv(2))->age, seconds(0));
  Wait(seconds(5));
  EXPECT_EQ(Record(Sysv(2))->age, seconds(5));
}

TEST_F(HistoryTest, NewHeadThatWaitedBehindTheOldIsAsOldAsTheLastSend) {
  sent_ = Stamp();
  Wait(seconds(50));
  Record(Sysv(1));
  Wait(seconds(5));
  received_ = Stamp();
  EXPECT_EQ(Record(Sysv(2))->age, seconds(54) - kStampLag);
}

TEST_F(HistoryTest, TimestampOfOneHeadDoesNotJitter) {
  sent_ = Stamp();
  Wait(seconds(10));
  const auto first = Record(Sysv(1))->timestamp;
  Wait(seconds(5));
  StepWallClock(milliseconds(30));
  EXPECT_EQ(Record(Sysv(1))->timestamp, first);
}

TEST_F(HistoryTest, StepOfTheWallClockMovesTheTimestampAndNotTheAge) {
  sent_ = Stamp();
  Wait(seconds(10));
  const auto first = Record(Sysv(1))->timestamp;
  Wait(seconds(5));
  StepWallClock(hours(1));
  const auto second = Record(Sysv(1));
  EXPECT_EQ(second->age, seconds(14) - kStampLag);
  EXPECT_EQ(second->timestamp, first + hours(1));
}

TEST_F(HistoryTest, ForwardStepDoesNotAgeAQueueThatIsMetLater) {
  Record(Sysv(1));
  sent_ = Stamp();
  Wait(seconds(10));
  StepWallClock(hours(1));
  track_ = {};
  EXPECT_LE(Record(Sysv(1))->age, seconds(10));
}

TEST_F(HistoryTest, StampOfTheFutureTellsNothingAtFirstSight) {
  sent_ = Stamp();
  StepWallClock(-hours(1));
  EXPECT_EQ(Record(Sysv(1)), std::nullopt);
}

TEST_F(HistoryTest, StampFromBeforeTheBootTellsNothingAtFirstSight) {
  // The host started in 1970 and has since been told the time.
  sent_ = seconds(100);
  EXPECT_EQ(Record(Sysv(1)), std::nullopt);
  Wait(seconds(5));
  Record(Sysv(1));
  Wait(seconds(5));
  EXPECT_EQ(Record(Sysv(1))->age, seconds(5));
}

TEST_F(HistoryTest, AgeOfTheKernelIsNotLargerThanTheTimeSinceTheBoot) {
  EXPECT_EQ(Record({.looked_at = now_, .messages = 2, .head_age = hours(500'000)})->age, now_.boottime);
}

TEST_F(HistoryTest, HeadCountsFromWhenItHadBeenReadAndNotFromWhenTheLookBegan) {
  Record(Sysv(1));
  received_ = Stamp();
  Wait(seconds(5));
  auto snapshot = Sysv(2);
  snapshot.read_by = now_.boottime + milliseconds(300);
  EXPECT_EQ(Record(snapshot)->age, seconds(0));
  Wait(seconds(5));
  EXPECT_EQ(Record(Sysv(2))->age, seconds(5) - milliseconds(300));
}

TEST_F(HistoryTest, SamePayloadsThatComeAndGoDoNotAddUpToAnAge) {
  for (int cycle = 0; cycle < 100; ++cycle) {
    Wait(milliseconds(1700));
    received_ = Stamp();
    sent_ = Stamp();
    Wait(milliseconds(200));
    const auto head = Record(Sysv(1));
    ASSERT_TRUE(head);
    EXPECT_LE(head->age, milliseconds(200)) << cycle;
  }
}

TEST_F(HistoryTest, NothingKnownIsAbsent) {
  QueueSnapshot snapshot = Sysv(1);
  snapshot.last_sent.reset();
  EXPECT_EQ(Record(snapshot), std::nullopt);
}

TEST_F(HistoryTest, EmptyQueueHasNoAge) {
  sent_ = Stamp();
  Wait(seconds(10));
  Record(Sysv(1));
  QueueSnapshot empty = Sysv(1);
  empty.messages = 0;
  empty.head_mark.reset();
  EXPECT_EQ(Record(empty), std::nullopt);
  Wait(seconds(5));
  EXPECT_EQ(Record(Sysv(1))->age, seconds(14) - kStampLag);
}

TEST_F(HistoryTest, FailedLookShowsNothingAndForgetsNothing) {
  sent_ = Stamp();
  Wait(seconds(10));
  Record(Sysv(1));
  const Look failed = std::unexpected(LookError{LookErrorReason::kDescriptors, "told by the test"});
  EXPECT_EQ(history_.Record(track_, queue_, failed).head, std::nullopt);
  Wait(seconds(5));
  sent_ = Stamp();
  EXPECT_EQ(Record(Sysv(1))->age, seconds(14) - kStampLag);
}

TEST_F(HistoryTest, NewTrackIsTheFirstSightOfAQueue) {
  Record(Sysv(1));
  Wait(seconds(100));
  track_ = {};
  sent_ = Stamp();
  Wait(seconds(3));
  EXPECT_EQ(Record(Sysv(1))->age, seconds(2) - kStampLag);
}

TEST_F(HistoryTest, PosixHeadIsAsOldAsTheLastChange) {
  const auto changed = Stamp();
  Wait(seconds(30));
  EXPECT_EQ(Record(Posix(changed))->age, seconds(29) - kStampLag);
  Wait(seconds(5));
  EXPECT_EQ(Record(Posix(changed))->age, seconds(34) - kStampLag);
  const auto later = Stamp();
  Wait(seconds(5));
  EXPECT_EQ(Record(Posix(later))->age, seconds(4) - kStampLag);
}

TEST_F(HistoryTest, AgesOfTheKernelAreTakenAsTheyAre) {
  QueueSnapshot snapshot{.looked_at = now_, .messages = 2, .head_age = seconds(3), .oldest_age = seconds(60)};
  const QueueState state = history_.Record(track_, queue_, snapshot);
  EXPECT_EQ(state.age_source, AgeSource::kKernel);
  EXPECT_EQ(state.head, (MessageAge{.age = seconds(3), .timestamp = now_.realtime - seconds(3)}));
  EXPECT_EQ(state.oldest, (MessageAge{.age = seconds(60), .timestamp = now_.realtime - seconds(60)}));
}

TEST_F(HistoryTest, EmptyQueueKeepsTheSourceOfItsAges) {
  EXPECT_EQ(
      history_.Record(track_, queue_, QueueSnapshot{.reader = ReaderKind::kSnapshot, .looked_at = now_}).age_source,
      AgeSource::kKernel);
  EXPECT_EQ(history_.Record(track_, queue_, QueueSnapshot{.reader = ReaderKind::kFcntl, .looked_at = now_}).age_source,
            AgeSource::kObserved);
}

TEST_F(HistoryTest, KernelTimestampOfAHeadThatNobodyReceivedDoesNotJitter) {
  const auto record = [&](nanoseconds age, std::uint64_t received) {
    return Record({.looked_at = now_, .messages = 2, .head_priority = 7, .head_age = age, .received = received})
        ->timestamp;
  };
  const auto first = record(seconds(3), 5);
  Wait(seconds(5));
  EXPECT_EQ(record(seconds(8) - milliseconds(60), 5), first);
  EXPECT_EQ(record(seconds(8) - milliseconds(90), 6), first + milliseconds(90));
}

TEST_F(HistoryTest, KernelTimestampMovesOnlyWithTheHead) {
  const auto record = [&](nanoseconds age) {
    return Record({.looked_at = now_, .messages = 2, .head_age = age})->timestamp;
  };
  const auto first = record(seconds(3));
  Wait(seconds(5));
  EXPECT_EQ(record(seconds(8) + milliseconds(10)), first);
  EXPECT_EQ(record(seconds(8) - milliseconds(60)), first + milliseconds(60));
}

}  // namespace
}  // namespace mqueue::history
