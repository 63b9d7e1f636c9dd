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
  std::uint64_t posix_queues = 0;
  std::uint64_t posix_queues_limit = 0;
  std::uint64_t sysv_queues = 0;
  std::uint64_t sysv_queues_limit = 0;
  std::uint64_t sysv_message_size_limit = 0;
};

/// A queue that a walk came through. What it says was read piece by piece while others used the queue.
struct WalkedQueue {
  BpfQueue record{};
  /// The name of a POSIX queue without its slash: any bytes.
  std::string name;
  /// POSIX: highest priority first. SysV: lowest type first.
  std::vector<Group> groups;
};

/// What one walk over the host saw.
struct Walk {
  std::vector<Space> spaces;
  /// record.space is an index into `spaces`.
  std::vector<WalkedQueue> queues;
  /// False when a list could not be followed to its end: there may be queues that are not here.
  bool whole = true;
};

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_WALK_H_
