#ifndef DAEMON_DISCOVERY_DISCOVERY_H_
#define DAEMON_DISCOVERY_DISCOVERY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/discovery/matcher.h"
#include "daemon/os/error.h"
#include "daemon/os/mqueue_directory.h"
#include "daemon/queue/queue_policy.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::discovery {

/// What exists at one moment.
struct Discovered {
  /// Queues to watch, each with its policy.
  std::vector<WatchedQueue> queues;
  /// How full each namespace is; a kind of queue that could not be listed is left out.
  std::vector<NamespaceUsage> usage;
  /// Queues that exist and are excluded by a rule.
  std::uint64_t excluded = 0;
  /// What could not be listed. The rest is complete.
  std::vector<os::Error> errors;
};

/// The mqueue file system of the own IPC namespace: the one mounted at `path` where given, else the first mounted one,
/// else a detached one, which needs CAP_SYS_ADMIN. Nothing is mounted where anybody could see it. `procfs` is /proc.
/// The error says what to do.
os::Result<std::shared_ptr<const os::MqueueDirectory>> FindMqueueDirectory(const std::string& path,
                                                                           const std::string& procfs);

/// Lists the queues of the daemon's own IPC namespace.
class Discovery {
 public:
  /// `directory` is null where POSIX queues cannot be listed; then only SysV queues are.
  Discovery(IpcNamespace own_namespace, std::shared_ptr<const os::MqueueDirectory> directory, std::string procfs,
            QueueRules rules);

  /// Asks the kernel what exists now. Opens no queue. Callable from one thread at a time.
  Discovered Discover() const;

 private:
  void DiscoverPosix(Discovered& found) const;
  void DiscoverSysv(Discovered& found) const;
  void Add(QueueRef queue, Discovered& found) const;

  IpcNamespace own_namespace_;
  std::shared_ptr<const os::MqueueDirectory> directory_;
  std::string procfs_;
  Matcher matcher_;
};

}  // namespace mqueue::discovery

#endif  // DAEMON_DISCOVERY_DISCOVERY_H_
