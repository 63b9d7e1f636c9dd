#ifndef DAEMON_BPF_SNAPSHOTS_H_
#define DAEMON_BPF_SNAPSHOTS_H_

#include "daemon/bpf/walk.h"
#include "daemon/queue/instant.h"
#include "daemon/queue/queue_snapshot.h"

namespace mqueue::bpf {

/// All that a walk knows of a queue of `space` that two walks agree on.
QueueSnapshot SettledSnapshot(const WalkedQueue& queue, const Space& space, const Instant& now);

/// What is true of a queue that never held still: what each single read tells.
QueueSnapshot RestlessSnapshot(const WalkedQueue& queue, const Space& space, const Instant& now);

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_SNAPSHOTS_H_
