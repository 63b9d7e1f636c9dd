#ifndef DAEMON_BPF_HOST_SNAPSHOT_H_
#define DAEMON_BPF_HOST_SNAPSHOT_H_

#include <map>
#include <vector>

#include "daemon/bpf/walk.h"
#include "daemon/queue/queue_ref.h"
#include "daemon/queue/queue_snapshot.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::bpf {

/// Every queue of the host at one time.
struct HostSnapshot {
  /// Namespaces that have a queue, and the daemon's own.
  std::vector<NamespaceUsage> usage;
  /// One for each namespace of `usage`.
  std::vector<NamespaceResident> residents;
  /// What was seen of each queue; of an inconsistent one, what single reads tell.
  std::map<QueueRef, QueueSnapshot> queues;
  /// What is not in it, or not in full, because a walk reached a limit.
  LeftOut left_out;
  /// True if the deadline passed after the first walk: no queue's messages, or not all of them, could be compared.
  bool hurried = false;
};

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_HOST_SNAPSHOT_H_
