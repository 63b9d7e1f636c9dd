#ifndef DAEMON_DISCOVERY_DISCOVERY_H_
#define DAEMON_DISCOVERY_DISCOVERY_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/bpf/host_snapshot.h"
#include "daemon/bpf/host_walker.h"
#include "daemon/discovery/matcher.h"
#include "daemon/os/error.h"
#include "daemon/os/mqueue_directory.h"
#include "daemon/queue/queue_policy.h"
#include "daemon/queue/queue_state.h"
#include "daemon/queue/round_report.h"

namespace mqueue::discovery {

/// What exists at one moment.
struct Discovered {
  /// Queues to watch, each with its policy, in the order of QueueRef.
  std::vector<WatchedQueue> queues;
  /// How full each namespace is; a kind of queue that could not be listed is left out.
  std::vector<NamespaceUsage> usage;
  /// Who lives in each, where BPF programs tell.
  std::vector<NamespaceResident> residents;
  /// Queues that exist and are excluded by a rule.
  std::uint64_t excluded = 0;
  /// Queues that exist and are not listed because the walk reached a limit (bpf::WalkLimits), and namespaces with
  /// queues that it did not come to.
  std::uint64_t beyond_walk = 0;
  /// The host snapshot that lists the queues and also shows what is in them; null if none was taken.
  std::shared_ptr<const bpf::HostSnapshot> host_snapshot;
  /// What could not be listed. The rest is complete.
  std::vector<os::Error> errors;
  /// Set when discovery had to give up and nothing above but `errors` may be used: the scheduler then ends the round,
  /// counts it under this reason and keeps showing what it knew.
  std::optional<AbandonReason> abandoned;
};

/// The mqueue file system of the own IPC namespace: the one mounted at `path` if given, otherwise the first mounted
/// one, otherwise a detached one, which needs CAP_SYS_ADMIN and is in no mount table. If there is none of these, the
/// directory awaits one at `path`, or where a refused one is mounted, or at /dev/mqueue. `procfs` is /proc. A file
/// system with another device number than `device` (ProbeQueue::Device) belongs to another namespace and is refused;
/// without `device` that cannot be told. Never null.
std::shared_ptr<const os::MqueueDirectory> FindMqueueDirectory(const std::string& path, const std::string& procfs,
                                                               std::optional<std::uint64_t> device = {});

/// How queues are found.
struct Sources {
  /// Null where POSIX queues cannot be listed.
  std::shared_ptr<const os::MqueueDirectory> directory;
  /// Null where the kernel or the daemon's rights do not serve BPF programs.
  std::shared_ptr<bpf::HostWalker> walker;
  /// Whether to look beyond the own IPC namespace, which only a host snapshot can.
  bool all_namespaces = true;
  /// /proc.
  std::string procfs;
  /// How long a host snapshot may take. It ends a few milliseconds later at most.
  std::chrono::milliseconds walk_time = std::chrono::seconds(8);
};

/// Lists the queues of the daemon's own IPC namespace, and with host snapshots those of all others.
class Discovery {
 public:
  Discovery(IpcNamespace own_namespace, Sources sources, QueueRules rules);

  /// Asks the kernel what exists now. Opens no queue. Callable from one thread at a time.
  Discovered Discover() const;

 private:
  bool TakeHostSnapshot(Discovered& found) const;
  void DiscoverPosix(Discovered& found) const;
  void DiscoverSysv(Discovered& found) const;
  void Add(QueueRef queue, Discovered& found) const;

  IpcNamespace own_namespace_;
  Sources sources_;
  Matcher matcher_;
};

}  // namespace mqueue::discovery

#endif  // DAEMON_DISCOVERY_DISCOVERY_H_
