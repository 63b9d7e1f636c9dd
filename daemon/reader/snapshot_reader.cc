#include "daemon/reader/snapshot_reader.h"

#include <algorithm>
#include <array>
#include <climits>
#include <utility>

#include "daemon/reader/look_failure.h"
#include "daemon/reader/one_by_one.h"
#include "daemon/reader/peek_probe.h"
#include "daemon/reader/posix_snapshot.h"
#include "daemon/reader/snapshot_walk.h"

namespace mqueue::reader {
namespace {

void Fill(QueueShape shape, QueueSnapshot& snapshot) {
  const mq_snapshot& totals = shape.totals;
  snapshot.messages = totals.messages;
  snapshot.bytes = totals.bytes;
  snapshot.sent = totals.sent;
  snapshot.received = totals.received;
  snapshot.waiting_senders = totals.waiting_senders;
  snapshot.waiting_receivers = totals.waiting_receivers;
  snapshot.truncated = !shape.consistent;
  if (!shape.groups.empty()) {
    snapshot.head_priority = shape.groups.front().value;
    snapshot.head_age = shape.groups.front().head_age;
    // Within a priority the first message is the oldest.
    snapshot.oldest_age = std::ranges::max_element(shape.groups, {}, &PriorityGroup::head_age)->head_age;
  }
  snapshot.groups = std::move(shape.groups);
}

}  // namespace

Support SnapshotReader::Probe(const ProbeContext& context) {
  return context.PosixCall([](const os::UniqueFd& queue) { return CheckSnapshot(queue); });
}

std::vector<std::optional<Look>> SnapshotReader::LookAt(std::span<const QueueRef> queues, RoundContext& context) {
  // Not initialized: the kernel fills what is read, and all of it would cost as much as a look.
  std::array<mq_snapshot_entry, MQ_SNAPSHOT_MAX> room;
  return LookOneByOne(queues, context.budget, [&](const QueueRef& queue, CpuMeter&) { return LookAtOne(queue, room); });
}

Look SnapshotReader::LookAtOne(const QueueRef& queue, std::span<mq_snapshot_entry> room) const {
  const auto opened = OpenForLook(*directory_, queue);
  if (!opened) return std::unexpected(opened.error());
  Instant first_page_at;
  auto shape = WalkSnapshot(
      [&](std::uint32_t below, std::span<mq_snapshot_entry> page) {
        if (below == MQ_PRIO_MAX) first_page_at = clock_();
        return os::TakeSnapshot(opened->descriptor, below, page, queue.name);
      },
      room);
  if (!shape) return LookFailure(shape.error());
  auto snapshot = PosixSnapshot(ReaderKind::kSnapshot, first_page_at, *opened);
  Fill(*std::move(shape), snapshot);
  return snapshot;
}

}  // namespace mqueue::reader
