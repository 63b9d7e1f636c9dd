#ifndef DAEMON_BPF_WALK_H_
#define DAEMON_BPF_WALK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/bpf/layout.h"
#include "daemon/queue/queue_ref.h"

namespace mqueue::bpf {

/// The messages of one priority or type as a walk met them.
struct Group {
  std::uint64_t value = 0;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  /// Kernel addresses: what tells one message from another, and nothing to show.
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  bool operator==(const Group&) const = default;
};

/// An IPC namespace that a walk came through.
struct Space {
  /// As the kernel has it: generation is never 0, not even for the daemon's own.
  IpcNamespace ipc_namespace;
  std::int32_t pid = 0;
  std::string comm;
  /// Path of that process's control group as the host's root group sees it; raw bytes. On a host with cgroup v1
  /// hierarchies, of the first of these in which it is not in the root group, the memory controller's before others.
  /// Begins with "/..." if the outermost names could not be read; empty if none could.
  std::string cgroup;
  std::uint64_t posix_queues = 0;
  std::uint64_t posix_queues_limit = 0;
  std::uint64_t sysv_queues = 0;
  std::uint64_t sysv_queues_limit = 0;
  std::uint64_t sysv_message_size_limit = 0;
};

/// A queue that a walk came through. What it says was read piece by piece while others used the queue.
struct WalkedQueue {
  BpfQueueRecord record{};
  /// The name of a POSIX queue without its slash: any bytes.
  std::string name;
  /// POSIX: highest priority first. SysV: lowest type first.
  std::vector<Group> groups;
};

/// What a walk did not report in full because it reached a limit (WalkLimits, layout.h).
struct LeftOut {
  /// Namespaces that have queues and are not in the walk.
  std::uint64_t namespaces = 0;
  /// Queues that are not in the walk, beside those of these namespaces.
  std::uint64_t queues = 0;
  /// Queues whose messages were not all read: only their totals are known.
  std::uint64_t cut = 0;

  bool operator==(const LeftOut&) const = default;
};

/// What one walk over the host saw.
struct Walk {
  std::vector<Space> spaces;
  /// record.space is an index into `spaces`.
  std::vector<WalkedQueue> queues;
  /// False if a list could not be followed to its end: queues may be missing, and LeftOut does not count them.
  bool whole = true;
  LeftOut left_out;
};

/// What one walk may use at most: CPU time of the kernel, and memory of the daemon. Beyond a limit it reports less
/// (LeftOut).
struct WalkLimits {
  /// Messages, nodes of trees of priorities and waiters to go over: about half a second at the most.
  std::uint64_t steps = std::uint64_t{1} << 23;
  /// Runs of messages of one priority or type, 40 bytes each.
  std::uint64_t runs = std::uint64_t{1} << 20;
  /// About 300 bytes each.
  std::uint64_t queues = std::uint64_t{1} << 17;
  /// IPC namespaces that have a queue.
  std::uint64_t namespaces = std::uint64_t{1} << 16;
};

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_WALK_H_
