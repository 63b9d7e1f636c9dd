#ifndef DAEMON_METRICS_QUEUE_LIMIT_H_
#define DAEMON_METRICS_QUEUE_LIMIT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "daemon/queue/queue_ref.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::metrics {

/// The queues of one kind in one namespace that have no series of their own, summed up. One whose look failed is only
/// counted.
struct OtherQueues {
  Ipc ipc = Ipc::kPosix;
  std::uint64_t namespace_inode = 0;
  std::uint64_t queues = 0;
  std::uint64_t messages = 0;
  /// Absent as soon as one of them does not know its bytes: half a sum would be read as a whole one.
  std::optional<std::uint64_t> bytes = 0;
};

struct Selection {
  /// In the order of ipc, namespace and name; no two have the same labels.
  std::vector<const QueueState*> shown;
  /// In the order of ipc and namespace.
  std::vector<OtherQueues> others;
  /// Queues in `others`.
  std::uint64_t skipped = 0;
};

/// Decides which queues have series of their own: those that the configuration names first, then the fullest.
///
/// It remembers its last choice: a queue that had series keeps them until another one is fuller by more than ten
/// percent of its limit, so that queues near the line do not come and go.
class QueueLimit {
 public:
  /// Shows at most `max_queues`. Leaves out queues that are gone, and the older of two that would have the same labels
  /// (a re-created queue that a round met twice). The selection points to the states, which it does not own.
  Selection Choose(std::span<const std::shared_ptr<const QueueState>> states, std::size_t max_queues);

 private:
  /// Hashes of the queues shown last, ascending. Two queues with one hash only share the benefit of the doubt.
  std::vector<std::size_t> shown_;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_QUEUE_LIMIT_H_
