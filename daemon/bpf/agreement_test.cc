#include "daemon/bpf/agreement.h"

#include <gtest/gtest.h>

#include <functional>

namespace mqueue::bpf {
namespace {

// Two messages of priority 9 and one of priority 1.
WalkedQueue Queue() {
  WalkedQueue queue{.record = {}, .name = "orders", .groups = {}};
  queue.record.kind = kBpfPosix;
  queue.record.address = 0xffff000000001000;
  queue.record.id = 7;
  queue.record.complete = 1;
  queue.record.before = {.messages = 3, .bytes = 30, .changed = 1000, .sent = 0, .received = 0};
  queue.record.after = queue.record.before;
  queue.record.head = 0xffff000000002000;
  queue.record.head_value = 9;
  queue.record.head_size = 10;
  queue.groups = {{.value = 9, .messages = 2, .bytes = 20, .first = 0xffff000000002000, .last = 0xffff000000003000},
                  {.value = 1, .messages = 1, .bytes = 10, .first = 0xffff000000004000, .last = 0xffff000000004000}};
  return queue;
}

WalkedQueue But(const std::function<void(WalkedQueue&)>& change) {
  auto queue = Queue();
  change(queue);
  return queue;
}

TEST(AgreementTest, TwoEqualWalksThatAddUpAgree) {
  EXPECT_TRUE(AddsUp(Queue()));
  EXPECT_TRUE(Agree(Queue(), Queue()));
}

TEST(AgreementTest, EmptyQueueAgrees) {
  const auto empty = But([](WalkedQueue& q) {
    q.groups.clear();
    q.record.before = q.record.after = {.messages = 0, .bytes = 0, .changed = 1000, .sent = 0, .received = 0};
    q.record.head = 0;
  });
  EXPECT_TRUE(Agree(empty, empty));
}

TEST(AgreementTest, WalkThatDidNotEndDoesNotAddUp) {
  EXPECT_FALSE(AddsUp(But([](WalkedQueue& q) { q.record.complete = 0; })));
}

TEST(AgreementTest, WalkThatMissedAMessageDoesNotAddUp) {
  EXPECT_FALSE(AddsUp(But([](WalkedQueue& q) { q.groups[0].messages = 1; })));
}

TEST(AgreementTest, WalkOfOtherBytesDoesNotAddUp) {
  EXPECT_FALSE(AddsUp(But([](WalkedQueue& q) { q.groups[0].bytes = 21; })));
}

TEST(AgreementTest, QueueThatChangedDuringAWalkDoesNotAddUp) {
  EXPECT_FALSE(AddsUp(But([](WalkedQueue& q) { q.record.before.messages = 4; })));
  EXPECT_FALSE(AddsUp(But([](WalkedQueue& q) { q.record.before.changed = 999; })));
  EXPECT_FALSE(AddsUp(But([](WalkedQueue& q) { q.record.before.received = 1; })));
}

// Each of these adds up by itself.
TEST(AgreementTest, WalksThatDifferInAnythingDoNotAgree) {
  const std::function<void(WalkedQueue&)> changes[] = {
      [](WalkedQueue& q) { q.record.before.changed = q.record.after.changed = 1001; },
      [](WalkedQueue& q) { q.record.before.sent = q.record.after.sent = 1; },
      [](WalkedQueue& q) { q.record.head_digest = 1; },
      [](WalkedQueue& q) { q.groups[0].first += 64; },
      [](WalkedQueue& q) { q.groups[0].last += 64; },
      [](WalkedQueue& q) { std::swap(q.groups[0].bytes, q.groups[1].bytes); },
      [](WalkedQueue& q) { std::swap(q.groups[0].messages, q.groups[1].messages); },
      [](WalkedQueue& q) { q.groups[1].value = 2; },
      [](WalkedQueue& q) { q.record.address += 64; },
      [](WalkedQueue& q) { q.record.id = 8; },
      [](WalkedQueue& q) { q.name = "invoices"; },
  };
  for (const auto& change : changes) {
    const auto other = But(change);
    ASSERT_TRUE(AddsUp(other));
    EXPECT_FALSE(Agree(Queue(), other));
    EXPECT_FALSE(Agree(other, Queue()));
  }
}

}  // namespace
}  // namespace mqueue::bpf
