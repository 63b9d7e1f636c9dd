#ifndef DAEMON_READER_SNAPSHOT_WALK_H_
#define DAEMON_READER_SNAPSHOT_WALK_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "daemon/os/error.h"
#include "daemon/queue/queue_snapshot.h"
#include "kernel/uapi/mqueue_peek.h"

namespace mqueue::reader {

/// The shape of one queue, put together from as many pages as it takes.
struct QueueShape {
  /// The totals, all of one moment.
  mq_snapshot totals{};
  /// Highest priority first, with bytes and ages.
  std::vector<PriorityGroup> groups;
  /// Whether the groups are of the same moment as the totals.
  bool consistent = true;
};

/// One page as os::TakeSnapshot gives it.
using TakePage = std::function<os::Result<mq_snapshot>(std::uint32_t below, std::span<mq_snapshot_entry> room)>;

/// Reads a queue page by page; `room`, for one page, is scratch. A queue that has no more priorities than fit into it
/// is read at once. Where there are more, messages may come and go between two pages: unchanged counters say that none
/// did. Otherwise the queue is read again, a few times; one that never holds still has the groups of different moments,
/// and `consistent` is false. Fails as `take` does.
os::Result<QueueShape> WalkSnapshot(const TakePage& take, std::span<mq_snapshot_entry> room);

}  // namespace mqueue::reader

#endif  // DAEMON_READER_SNAPSHOT_WALK_H_
