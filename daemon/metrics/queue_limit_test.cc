#include "daemon/metrics/queue_limit.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/metrics/testing/fixture_host.h"

namespace mqueue::metrics {
namespace {

constexpr std::uint64_t kLimit = 100;

QueueState Queue(std::string name, std::uint64_t messages, bool named = false) {
  QueuePolicy policy;
  policy.named = named;
  QueueSnapshot look;
  look.messages = messages;
  look.messages_limit = kLimit;
  return {.queue = {.ref = {.ipc_namespace = {.inode = 1}, .name = std::move(name)},
                    .policy = std::make_shared<const QueuePolicy>(policy)},
          .look = look};
}

QueueState Failed(std::string name, LookErrorReason reason) {
  QueueState state = Queue(std::move(name), 0);
  state.look = std::unexpected(LookError{.reason = reason, .message = {}});
  return state;
}

std::vector<std::string> Names(const Selection& selection) {
  std::vector<std::string> names;
  for (const QueueState* state : selection.shown) names.push_back(state->queue.ref.name);
  return names;
}

using List = std::vector<std::string>;

TEST(QueueLimit, BelowTheLimitAllAreShownInTheOrderOfTheirNames) {
  const auto states = Shared({Queue("/b", 0), Queue("/c", 9), Queue("/a", 1)});
  const Selection selection = QueueLimit().Choose(states, 3);
  EXPECT_EQ(Names(selection), (List{"/a", "/b", "/c"}));
  EXPECT_EQ(selection.skipped, 0U);
  EXPECT_TRUE(selection.others.empty());
}

TEST(QueueLimit, FullestComeFirst) {
  const auto states = Shared({Queue("/a", 1), Queue("/b", 90), Queue("/c", 50)});
  EXPECT_EQ(Names(QueueLimit().Choose(states, 2)), (List{"/b", "/c"}));
}

TEST(QueueLimit, FullnessIsAPartOfTheLimit) {
  std::vector<QueueState> states = {Queue("/a", 60), Queue("/b", 9)};
  states[1].look->messages_limit = 10;
  EXPECT_EQ(Names(QueueLimit().Choose(Shared(states), 1)), (List{"/b"}));
}

TEST(QueueLimit, BytesCountWhereTheyAreNearerToTheirLimit) {
  std::vector<QueueState> states = {Queue("/a", 60), Queue("/b", 9)};
  states[1].look->bytes = 7;
  states[1].look->bytes_limit = 10;
  EXPECT_EQ(Names(QueueLimit().Choose(Shared(states), 1)), (List{"/b"}));
}

TEST(QueueLimit, QueuesThatTheConfigurationNamesComeBeforeFullOnes) {
  const auto states = Shared({Queue("/a", 100), Queue("/b", 0, true)});
  EXPECT_EQ(Names(QueueLimit().Choose(states, 1)), (List{"/b"}));
}

TEST(QueueLimit, RestIsSummedUpByKindAndNamespace) {
  std::vector<QueueState> states = {Queue("/a", 100), Queue("/b", 2), Queue("/c", 3), Queue("/d", 4)};
  states[1].look->bytes = 20;
  states[2].look->bytes = 30;
  states[3].look->bytes = 40;
  states[3].queue.ref.ipc = Ipc::kSysv;
  const Selection selection = QueueLimit().Choose(Shared(states), 1);
  EXPECT_EQ(selection.skipped, 3U);
  ASSERT_EQ(selection.others.size(), 2U);
  EXPECT_EQ(selection.others[0].queues, 2U);
  EXPECT_EQ(selection.others[0].messages, 5U);
  EXPECT_EQ(selection.others[0].bytes, 50U);
  EXPECT_EQ(selection.others[1].ipc, Ipc::kSysv);
  EXPECT_EQ(selection.others[1].messages, 4U);
}

TEST(QueueLimit, BytesOfTheRestAreAbsentWhenOneDoesNotKnowThem) {
  std::vector<QueueState> states = {Queue("/a", 100), Queue("/b", 2), Queue("/c", 3)};
  states[2].look->bytes = 30;
  EXPECT_EQ(QueueLimit().Choose(Shared(states), 1).others.at(0).bytes, std::nullopt);
}

TEST(QueueLimit, FailedQueuesOfTheRestAreOnlyCounted) {
  std::vector<QueueState> states = {Queue("/a", 100), Queue("/b", 2), Failed("/c", LookErrorReason::kPermission)};
  states[1].look->bytes = 20;
  const OtherQueues rest = QueueLimit().Choose(Shared(states), 1).others.at(0);
  EXPECT_EQ(rest.queues, 2U);
  EXPECT_EQ(rest.messages, 2U);
  EXPECT_EQ(rest.bytes, 20U);
}

TEST(QueueLimit, ShownQueueStaysUntilAnotherIsClearlyFuller) {
  QueueLimit limit;
  EXPECT_EQ(Names(limit.Choose(Shared({Queue("/a", 50), Queue("/b", 49)}), 1)), (List{"/a"}));
  EXPECT_EQ(Names(limit.Choose(Shared({Queue("/a", 49), Queue("/b", 58)}), 1)), (List{"/a"}));
  EXPECT_EQ(Names(limit.Choose(Shared({Queue("/a", 49), Queue("/b", 61)}), 1)), (List{"/b"}));
  EXPECT_EQ(Names(limit.Choose(Shared({Queue("/a", 60), Queue("/b", 51)}), 1)), (List{"/b"}));
}

TEST(QueueLimit, TwoQueuesThatTakeTurnsNearTheLineDoNotFlap) {
  QueueLimit limit;
  for (int round = 0; round < 20; ++round) {
    const std::uint64_t a = round % 2 == 0 ? 50 : 45;
    const std::uint64_t b = round % 2 == 0 ? 45 : 50;
    EXPECT_EQ(Names(limit.Choose(Shared({Queue("/a", a), Queue("/b", b)}), 1)), (List{"/a"})) << round;
  }
}

TEST(QueueLimit, EmptyNewQueueDoesNotPushOutAnEmptyOldOne) {
  QueueLimit limit;
  EXPECT_EQ(Names(limit.Choose(Shared({Queue("/b", 0)}), 1)), (List{"/b"}));
  EXPECT_EQ(Names(limit.Choose(Shared({Queue("/a", 0), Queue("/b", 0)}), 1)), (List{"/b"}));
}

TEST(QueueLimit, ChoiceDoesNotDependOnTheOrderOfDiscovery) {
  EXPECT_EQ(Names(QueueLimit().Choose(Shared({Queue("/a", 5), Queue("/b", 5)}), 1)), (List{"/a"}));
  EXPECT_EQ(Names(QueueLimit().Choose(Shared({Queue("/b", 5), Queue("/a", 5)}), 1)), (List{"/a"}));
}

TEST(QueueLimit, RecreatedQueueHasNoClaimToItsPredecessorsPlace) {
  QueueLimit limit;
  EXPECT_EQ(Names(limit.Choose(Shared({Queue("/b", 0)}), 1)), (List{"/b"}));
  std::vector<QueueState> states = {Queue("/a", 0), Queue("/b", 0)};
  states[1].queue.ref.id = 77;
  EXPECT_EQ(Names(limit.Choose(Shared(states), 1)), (List{"/a"}));
}

TEST(QueueLimit, GoneQueuesAreNeitherShownNorCounted) {
  const auto states =
      Shared({Failed("/a", LookErrorReason::kGone), Queue("/b", 0), Failed("/c", LookErrorReason::kPermission)});
  const Selection selection = QueueLimit().Choose(states, 2);
  EXPECT_EQ(Names(selection), (List{"/b", "/c"}));
  EXPECT_EQ(selection.skipped, 0U);
}

TEST(QueueLimit, OfTwoQueuesWithOneNameTheYoungerIsShown) {
  std::vector<QueueState> states = {Queue("/a", 1), Queue("/a", 2), Queue("/b", 3)};
  states[0].queue.ref.id = 12;
  states[1].queue.ref.id = 11;
  const auto shared = Shared(states);
  const Selection selection = QueueLimit().Choose(shared, 10);
  EXPECT_EQ(Names(selection), (List{"/a", "/b"}));
  EXPECT_EQ(selection.shown[0]->look->messages, 1U);
}

TEST(QueueLimit, LimitOfNoneLeavesOnlySums) {
  const Selection selection = QueueLimit().Choose(Shared({Queue("/a", 1)}), 0);
  EXPECT_TRUE(selection.shown.empty());
  EXPECT_EQ(selection.skipped, 1U);
}

}  // namespace
}  // namespace mqueue::metrics
