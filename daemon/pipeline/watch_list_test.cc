#include "daemon/pipeline/watch_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mqueue::pipeline {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr nanoseconds kStart = seconds(1000);
constexpr milliseconds kPeriod{1000};

std::shared_ptr<const QueuePolicy> Every(milliseconds interval) {
  return std::make_shared<QueuePolicy>(QueuePolicy{.interval = interval});
}

WatchedQueue Queue(const std::string& name, const std::shared_ptr<const QueuePolicy>& policy) {
  return {{.ipc = Ipc::kPosix, .name = name}, policy};
}

Look Seen() { return QueueSnapshot{.messages = 1}; }

class WatchListTest : public ::testing::Test {
 protected:
  void Update(std::vector<WatchedQueue> queues, nanoseconds now) { list_.Update(std::move(queues), now, kPeriod); }
  std::vector<std::string> TakeDueBetween(nanoseconds now) {
    std::vector<std::string> names;
    for (const auto& queue : list_.TakeDueBetween(now, milliseconds(50))) names.push_back(queue.ref.name);
    return names;
  }
  std::vector<std::string> TakeDue(nanoseconds now) {
    std::vector<std::string> names;
    for (const auto& queue : list_.TakeDue(now)) names.push_back(queue.ref.name);
    return names;
  }
  // Takes what is due and looks at it.
  std::vector<std::string> LookAtDue(nanoseconds now) {
    auto names = TakeDue(now);
    for (const auto& name : names) list_.Record({.name = name}, Seen(), now);
    return names;
  }

  std::shared_ptr<const QueuePolicy> slow_ = Every(seconds(10));
  std::shared_ptr<const QueuePolicy> fast_ = Every(seconds(1));
  std::shared_ptr<const QueuePolicy> faster_ = Every(milliseconds(100));
  WatchList list_;
};

TEST_F(WatchListTest, NewQueueIsDueAtOnce) {
  Update({Queue("/a", slow_)}, kStart);
  EXPECT_THAT(LookAtDue(kStart), ElementsAre("/a"));
  Update({Queue("/a", slow_), Queue("/b", slow_)}, kStart + seconds(1));
  EXPECT_THAT(LookAtDue(kStart + seconds(1)), ElementsAre("/b"));
}

TEST_F(WatchListTest, EachQueueHasItsInterval) {
  Update({Queue("/fast", fast_), Queue("/slow", slow_)}, kStart);
  LookAtDue(kStart);
  EXPECT_THAT(LookAtDue(kStart + seconds(1)), ElementsAre("/fast"));
  EXPECT_THAT(LookAtDue(kStart + seconds(10)), ElementsAre("/fast", "/slow"));
}

TEST_F(WatchListTest, TimerThatFiresALittleEarlyStillFindsTheQueueDue) {
  Update({Queue("/a", fast_)}, kStart);
  LookAtDue(kStart);
  EXPECT_THAT(list_.TakeDue(kStart + milliseconds(990)), ::testing::SizeIs(1));
}

TEST_F(WatchListTest, QueueIsDueHalfAPeriodBefore) {
  Update({Queue("/a", slow_)}, kStart);
  LookAtDue(kStart);
  EXPECT_THAT(TakeDue(kStart + slow_->interval - kPeriod / 2 - nanoseconds(1)), IsEmpty());
  EXPECT_THAT(TakeDue(kStart + slow_->interval - kPeriod / 2), ElementsAre("/a"));
}

TEST_F(WatchListTest, QueueThatARoundPutOffComesBeforeThoseThatItRead) {
  Update({Queue("/a", fast_), Queue("/b", fast_), Queue("/c", fast_)}, kStart);
  ASSERT_THAT(TakeDue(kStart), ElementsAre("/a", "/b", "/c"));
  list_.Record({.name = "/a"}, Seen(), kStart);
  list_.Record({.name = "/b"}, Seen(), kStart);
  list_.PutBack({.name = "/c"});
  EXPECT_THAT(TakeDue(kStart + seconds(1)), ElementsAre("/c", "/a", "/b"));
}

TEST_F(WatchListTest, LongestOverdueQueueComesFirst) {
  Update({Queue("/a", slow_), Queue("/b", fast_)}, kStart);
  LookAtDue(kStart);
  EXPECT_THAT(TakeDue(kStart + seconds(10)), ElementsAre("/b", "/a"));
}

TEST_F(WatchListTest, OtherPolicyDoesNotMakeAQueueThatIsOverdueWaitLonger) {
  Update({Queue("/a", fast_), Queue("/b", fast_)}, kStart);
  LookAtDue(kStart);
  TakeDue(kStart + seconds(1));
  list_.Record({.name = "/a"}, Seen(), kStart + seconds(1));
  list_.PutBack({.name = "/b"});
  Update({Queue("/a", fast_), Queue("/b", slow_)}, kStart + seconds(3));
  EXPECT_THAT(TakeDue(kStart + seconds(3)), ElementsAre("/b", "/a"));
}

TEST_F(WatchListTest, QueueInFlightIsNotTakenAgain) {
  Update({Queue("/a", fast_)}, kStart);
  ASSERT_THAT(TakeDue(kStart), ElementsAre("/a"));
  EXPECT_THAT(TakeDue(kStart + seconds(5)), IsEmpty());
  EXPECT_EQ(list_.InFlight(), 1);
  list_.Record({.name = "/a"}, Seen(), kStart + seconds(5));
  EXPECT_EQ(list_.InFlight(), 0);
  EXPECT_THAT(TakeDue(kStart + seconds(6)), ElementsAre("/a"));
}

TEST_F(WatchListTest, GoneQueueIsGoneWithItsState) {
  Update({Queue("/a", fast_)}, kStart);
  LookAtDue(kStart);
  ASSERT_THAT(list_.States(), ::testing::SizeIs(1));
  Update({}, kStart + seconds(1));
  EXPECT_THAT(list_.States(), IsEmpty());
}

TEST_F(WatchListTest, QueueThatComesBackIsSeenForTheFirstTime) {
  const auto look = [](nanoseconds at) {
    return QueueSnapshot{.looked_at = {.boottime = at, .realtime = at},
                         .messages = 1,
                         .last_changed = std::chrono::floor<seconds>(at) - seconds(10)};
  };
  Update({Queue("/a", fast_)}, kStart);
  TakeDue(kStart);
  const auto first = list_.Record({.name = "/a"}, look(kStart), kStart);
  TakeDue(kStart + seconds(1));
  QueueSnapshot unstamped = look(kStart + seconds(1));
  unstamped.last_changed.reset();
  Update({}, kStart + seconds(1));
  Update({Queue("/a", fast_)}, kStart + seconds(1));
  TakeDue(kStart + seconds(2));
  const auto second = list_.Record({.name = "/a"}, unstamped, kStart + seconds(1));
  EXPECT_TRUE(first->after->head);
  // Without a stamp, nothing is known of a head at first sight.
  EXPECT_FALSE(second->after->head);
  EXPECT_FALSE(second->before);
}

TEST_F(WatchListTest, UpdateKeepsTheOtherQueues) {
  Update({Queue("/b", fast_), Queue("/d", fast_)}, kStart);
  LookAtDue(kStart);
  Update({Queue("/a", fast_), Queue("/b", fast_), Queue("/c", fast_), Queue("/e", fast_)}, kStart);
  std::vector<std::string> seen;
  for (const auto& state : list_.States()) seen.push_back(state->queue.ref.name);
  EXPECT_THAT(seen, ElementsAre("/b"));
  EXPECT_THAT(TakeDue(kStart), ElementsAre("/a", "/c", "/e"));
}

TEST_F(WatchListTest, StateThatWasPassedOnDoesNotChange) {
  Update({Queue("/a", fast_)}, kStart);
  LookAtDue(kStart);
  const auto shown = list_.States();
  TakeDue(kStart + seconds(1));
  list_.Record({.name = "/a"}, QueueSnapshot{.messages = 2}, kStart + seconds(1));
  EXPECT_EQ(shown.front()->look->messages, 1);
  EXPECT_EQ(list_.States().front()->look->messages, 2);
}

TEST_F(WatchListTest, LookThatComesBackAfterItsQueueIsGoneIsDropped) {
  Update({Queue("/a", fast_)}, kStart);
  TakeDue(kStart);
  Update({}, kStart + seconds(1));
  EXPECT_FALSE(list_.Record({.name = "/a"}, Seen(), kStart + seconds(1)));
}

TEST_F(WatchListTest, ChangedPolicyIsDueAtOnceAndKeepsTheState) {
  Update({Queue("/a", slow_)}, kStart);
  LookAtDue(kStart);
  Update({Queue("/a", fast_)}, kStart + seconds(1));
  EXPECT_THAT(list_.States(), ::testing::SizeIs(1));
  EXPECT_THAT(TakeDue(kStart + seconds(1)), ElementsAre("/a"));
}

TEST_F(WatchListTest, MissedLooksAreNotMadeUpFor) {
  Update({Queue("/a", fast_)}, kStart);
  LookAtDue(kStart);
  EXPECT_THAT(LookAtDue(kStart + seconds(60)), ElementsAre("/a"));
  LookAtDue(kStart + seconds(60) + milliseconds(100));
  EXPECT_THAT(LookAtDue(kStart + seconds(60) + milliseconds(400)), IsEmpty());
}

TEST_F(WatchListTest, AllIsSeenOnceEveryQueueWasLookedAt) {
  Update({Queue("/a", fast_), Queue("/b", fast_)}, kStart);
  EXPECT_FALSE(list_.AllSeen(kStart));
  TakeDue(kStart);
  list_.Record({.name = "/a"}, Seen(), kStart);
  list_.PutBack({.name = "/b"});
  EXPECT_FALSE(list_.AllSeen(kStart));
  LookAtDue(kStart + seconds(1));
  EXPECT_TRUE(list_.AllSeen(kStart + seconds(1)));
}

TEST_F(WatchListTest, LookThatDoesNotComeBackIsWaitedForInItsOwnRoundOnly) {
  Update({Queue("/a", fast_)}, kStart);
  TakeDue(kStart);
  EXPECT_FALSE(list_.AllSeen(kStart));
  EXPECT_TRUE(list_.AllSeen(kStart + seconds(1)));
}

TEST_F(WatchListTest, ChangeTellsWhatWasKnownBefore) {
  Update({Queue("/a", fast_)}, kStart);
  TakeDue(kStart);
  const auto first = list_.Record({.name = "/a"}, Seen(), kStart);
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->before);
  TakeDue(kStart + seconds(1));
  const auto second = list_.Record({.name = "/a"}, Seen(), kStart + seconds(1));
  EXPECT_TRUE(second->before);
}

TEST_F(WatchListTest, QueueIsReadTwiceInNoRound) {
  Update({Queue("/a", faster_)}, kStart);
  EXPECT_THAT(TakeDue(kStart), ElementsAre("/a"));
  list_.PutBack({.name = "/a"});
  EXPECT_THAT(TakeDue(kStart), IsEmpty());
  EXPECT_THAT(TakeDue(kStart + seconds(1)), ElementsAre("/a"));
}

TEST_F(WatchListTest, OnlyQueuesWithAShorterIntervalThanThePeriodAreReadBetweenRounds) {
  Update({Queue("/fast", fast_), Queue("/faster", faster_)}, kStart);
  // No round has read any.
  EXPECT_THAT(TakeDueBetween(kStart), IsEmpty());
  LookAtDue(kStart);
  EXPECT_THAT(TakeDueBetween(kStart + milliseconds(40)), IsEmpty());
  EXPECT_THAT(TakeDueBetween(kStart + milliseconds(100)), ElementsAre("/faster"));
  // In flight.
  EXPECT_THAT(TakeDueBetween(kStart + milliseconds(200)), IsEmpty());
  list_.RecordBetween({.name = "/faster"}, Seen(), kStart + milliseconds(200));
  EXPECT_THAT(TakeDueBetween(kStart + milliseconds(300)), ElementsAre("/faster"));
  list_.PutBack({.name = "/faster"});
  EXPECT_THAT(TakeDueBetween(kStart + milliseconds(310)), ElementsAre("/faster"));
}

TEST_F(WatchListTest, RoundReadsAQueueThatWasReadBetweenRoundsJustBefore) {
  Update({Queue("/faster", faster_)}, kStart);
  LookAtDue(kStart);
  TakeDueBetween(kStart + milliseconds(990));
  list_.RecordBetween({.name = "/faster"}, Seen(), kStart + milliseconds(990));
  EXPECT_THAT(TakeDue(kStart + seconds(1)), ElementsAre("/faster"));
}

TEST_F(WatchListTest, LookBetweenRoundsMakesTheAgeExactAndChangesNoState) {
  const auto look = [](nanoseconds at, std::uint64_t received) {
    return QueueSnapshot{
        .looked_at = {.boottime = at, .realtime = at}, .messages = 1, .head_priority = 0, .received = received};
  };
  Update({Queue("/faster", faster_)}, kStart);
  TakeDue(kStart);
  list_.Record({.name = "/faster"}, look(kStart, 1), kStart);
  const auto shown = list_.States().front();
  // Another head, which had arrived by then.
  const nanoseconds arrived = kStart + milliseconds(200);
  TakeDueBetween(arrived);
  list_.RecordBetween({.name = "/faster"}, look(arrived, 2), arrived);
  EXPECT_EQ(list_.States().front(), shown);
  TakeDue(kStart + seconds(1));
  const auto change = list_.Record({.name = "/faster"}, look(kStart + seconds(1), 2), kStart + seconds(1));
  ASSERT_TRUE(change->after->head);
  EXPECT_EQ(change->after->head->age, milliseconds(800));
}

TEST_F(WatchListTest, QueueThatOnlyAHostSnapshotShowsSaysHowOftenItIsRead) {
  const auto read_interval = [&] { return list_.States().front()->read_interval; };
  Update({Queue("/faster", faster_)}, kStart);
  LookAtDue(kStart);
  EXPECT_EQ(read_interval(), milliseconds(100));
  TakeDueBetween(kStart + milliseconds(100));
  list_.RecordBetween({.name = "/faster"}, std::unexpected(LookError{LookErrorReason::kUnsupported, "by the test"}),
                      kStart + milliseconds(100));
  // It is tried once between two rounds.
  EXPECT_THAT(TakeDueBetween(kStart + milliseconds(300)), IsEmpty());
  LookAtDue(kStart + seconds(1));
  EXPECT_EQ(read_interval(), kPeriod);
  EXPECT_THAT(TakeDueBetween(kStart + milliseconds(1200)), ElementsAre("/faster"));
  list_.RecordBetween({.name = "/faster"}, Seen(), kStart + milliseconds(1200));
  LookAtDue(kStart + seconds(2));
  EXPECT_EQ(read_interval(), milliseconds(100));
}

TEST_F(WatchListTest, QueuesAreCountedByKind) {
  Update({Queue("/a", fast_)}, kStart);
  EXPECT_EQ(list_.Counts(), (std::map<Ipc, std::uint64_t>{{Ipc::kPosix, 1}, {Ipc::kSysv, 0}}));
}

}  // namespace
}  // namespace mqueue::pipeline
