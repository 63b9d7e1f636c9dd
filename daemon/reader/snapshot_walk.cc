#include "daemon/reader/snapshot_walk.h"

#include <algorithm>
#include <chrono>
#include <climits>
#include <iterator>

namespace mqueue::reader {
namespace {

// A queue that moved during this many walks will move during the next too.
constexpr int kWalks = 4;

PriorityGroup ToGroup(const mq_snapshot_entry& entry) {
  return {.value = entry.priority,
          .messages = entry.messages,
          .bytes = entry.bytes,
          .head_age = std::chrono::nanoseconds(entry.head_age_ns)};
}

bool NothingMoved(const mq_snapshot& earlier, const mq_snapshot& later) {
  return earlier.sent == later.sent && earlier.received == later.received;
}

os::Result<QueueShape> WalkOnce(const TakePage& take, std::span<mq_snapshot_entry> room) {
  QueueShape shape;
  for (std::uint32_t below = MQ_PRIO_MAX; below > 0; below = static_cast<std::uint32_t>(shape.groups.back().value)) {
    const auto page = take(below, room);
    if (!page) return std::unexpected(page.error());
    if (shape.groups.empty()) shape.totals = *page;
    shape.consistent = shape.consistent && NothingMoved(shape.totals, *page);
    const auto entries = room.first(std::min<std::size_t>(page->nr_entries, room.size()));
    shape.groups.reserve(std::min<std::size_t>(page->nr_priorities, MQ_PRIO_MAX));
    std::ranges::transform(entries, std::back_inserter(shape.groups), ToGroup);
    if (entries.empty() || shape.groups.size() >= page->nr_priorities) break;
  }
  return shape;
}

}  // namespace

os::Result<QueueShape> WalkSnapshot(const TakePage& take, std::span<mq_snapshot_entry> room) {
  auto shape = WalkOnce(take, room);
  for (int walks = 1; walks < kWalks && shape && !shape->consistent; ++walks) shape = WalkOnce(take, room);
  return shape;
}

}  // namespace mqueue::reader
