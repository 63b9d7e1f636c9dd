#ifndef DAEMON_QUEUE_ROUND_H_
#define DAEMON_QUEUE_ROUND_H_

#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "daemon/queue/queue_state.h"
#include "daemon/queue/round_report.h"

namespace mqueue {

/// The part of the configuration that outputs need.
struct RoundSettings {
  /// limits.max_queues: queues with series of their own.
  std::size_t max_queues = std::numeric_limits<std::size_t>::max();
  /// exact_priorities.enabled: whether mqueue_priority_messages is shown.
  bool exact_priorities = false;
  /// exact_priorities.max: series of mqueue_priority_messages per queue. The first groups of a queue are kept.
  std::size_t max_priorities = std::numeric_limits<std::size_t>::max();
};

/// The result of one round, and the only input of an output. Immutable once made: passed as shared_ptr<const Round>, so
/// that any thread may keep it.
struct Round {
  /// Every watched queue that has been read, in this round or before, in the order of QueueRef. None is null.
  std::vector<std::shared_ptr<const QueueState>> queues;
  /// How full each IPC namespace is.
  std::vector<NamespaceUsage> namespaces;
  /// A process of each IPC namespace, where one is known.
  std::vector<NamespaceResident> residents;
  RoundReport report;
  /// The settings that the round was made under.
  RoundSettings settings;
};

}  // namespace mqueue

#endif  // DAEMON_QUEUE_ROUND_H_
