#ifndef DAEMON_SCHEDULE_ROUND_H_
#define DAEMON_SCHEDULE_ROUND_H_

#include <vector>

#include "daemon/queue/queue_state.h"
#include "daemon/queue/round_report.h"

namespace mqueue::schedule {

/// What is known when a round is over.
struct Round {
  /// Every watched queue that has been looked at, in this round or before.
  std::vector<QueueState> queues;
  std::vector<NamespaceUsage> namespaces;
  /// Who lives in them, where that is known.
  std::vector<NamespaceResident> residents;
  RoundReport report;
};

}  // namespace mqueue::schedule

#endif  // DAEMON_SCHEDULE_ROUND_H_
