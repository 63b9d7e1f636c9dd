#include "daemon/reader/snapshot_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <climits>
#include <map>
#include <string>

namespace mqueue::reader {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

// A queue with one message of each priority, as the kernel would page it.
class FakeQueue {
 public:
  explicit FakeQueue(std::vector<std::uint32_t> highest_first) : priorities_(std::move(highest_first)) {}

  TakePage Take() {
    return [this](std::uint32_t below, std::span<mq_snapshot_entry> room) -> os::Result<mq_snapshot> {
      ++calls;
      if (calls <= moves_until_call) ++sent_;
      mq_snapshot page{};
      page.messages = page.nr_priorities = static_cast<std::uint32_t>(priorities_.size());
      page.sent = sent_;
      for (const auto priority : priorities_) {
        if (priority >= below || page.nr_entries == room.size()) continue;
        room[page.nr_entries++] = {.priority = priority, .messages = 1, .bytes = 10, .head_age_ns = priority * 1000ULL};
      }
      return page;
    };
  }

  int calls = 0;
  // A message goes in before every call up to this one.
  int moves_until_call = 0;

 private:
  std::vector<std::uint32_t> priorities_;
  std::uint64_t sent_ = 0;
};

os::Result<QueueShape> Walk(FakeQueue& queue, std::size_t page) {
  std::vector<mq_snapshot_entry> room(page);
  return WalkSnapshot(queue.Take(), room);
}

auto Priorities(auto... values) { return ElementsAre(Field(&PriorityGroup::value, values)...); }

TEST(WalkSnapshot, QueueThatFitsIsOneCall) {
  FakeQueue queue({9, 4, 0});
  const auto shape = Walk(queue, 3);
  ASSERT_TRUE(shape);
  EXPECT_EQ(queue.calls, 1);
  EXPECT_TRUE(shape->consistent);
  EXPECT_EQ(shape->totals.messages, 3);
  EXPECT_THAT(shape->groups, Priorities(9, 4, 0));
  EXPECT_EQ(shape->groups[1],
            (PriorityGroup{.value = 4, .messages = 1, .bytes = 10, .head_age = std::chrono::nanoseconds(4000)}));
}

TEST(WalkSnapshot, EmptyQueueIsOneCallWithoutGroups) {
  FakeQueue queue({});
  const auto shape = Walk(queue, 3);
  ASSERT_TRUE(shape);
  EXPECT_EQ(queue.calls, 1);
  EXPECT_THAT(shape->groups, ElementsAre());
}

TEST(WalkSnapshot, PagesFollowUntilAllPrioritiesAreThere) {
  FakeQueue queue({9, 8, 7, 4, 0});
  const auto shape = Walk(queue, 2);
  ASSERT_TRUE(shape);
  EXPECT_EQ(queue.calls, 3);
  EXPECT_TRUE(shape->consistent);
  EXPECT_THAT(shape->groups, Priorities(9, 8, 7, 4, 0));
}

TEST(WalkSnapshot, QueueThatMovedBetweenPagesIsReadAgain) {
  FakeQueue queue({9, 8, 7});
  queue.moves_until_call = 2;
  const auto shape = Walk(queue, 2);
  ASSERT_TRUE(shape);
  EXPECT_EQ(queue.calls, 4);
  EXPECT_TRUE(shape->consistent);
  EXPECT_THAT(shape->groups, Priorities(9, 8, 7));
}

TEST(WalkSnapshot, QueueThatNeverHoldsStillIsReadAFewTimesAndSaysSo) {
  FakeQueue queue({9, 8, 7});
  queue.moves_until_call = INT_MAX;
  const auto shape = Walk(queue, 2);
  ASSERT_TRUE(shape);
  EXPECT_LE(queue.calls, 10);
  EXPECT_FALSE(shape->consistent);
  EXPECT_THAT(shape->groups, Priorities(9, 8, 7));
}

TEST(WalkSnapshot, MovingQueueThatFitsIsOfOneMoment) {
  FakeQueue queue({9, 8});
  queue.moves_until_call = INT_MAX;
  const auto shape = Walk(queue, 2);
  ASSERT_TRUE(shape);
  EXPECT_EQ(queue.calls, 1);
  EXPECT_TRUE(shape->consistent);
}

TEST(WalkSnapshot, FailureOfACallIsTheFailure) {
  std::vector<mq_snapshot_entry> room(2);
  const auto shape = WalkSnapshot(
      [](std::uint32_t, std::span<mq_snapshot_entry>) -> os::Result<mq_snapshot> {
        return std::unexpected(os::Error{ENOTTY, "told by the test"});
      },
      room);
  ASSERT_FALSE(shape);
  EXPECT_EQ(shape.error().code, ENOTTY);
}

}  // namespace
}  // namespace mqueue::reader
