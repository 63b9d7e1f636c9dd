#ifndef DAEMON_OS_PROC_H_
#define DAEMON_OS_PROC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/os/error.h"
#include "daemon/queue/queue_ref.h"

namespace mqueue::os {

/// Fails, with a line that says what to do, unless a proc file system is mounted at `procfs`.
Result<void> RequireProcfs(const std::string& procfs);

/// The IPC namespace that this process lives in, from `procfs`/self/ns/ipc.
Result<IpcNamespace> OwnIpcNamespace(const std::string& procfs);

/// Where mqueue file systems are mounted in this process's mount namespace, from `procfs`/self/mountinfo, in its order
/// (fields: proc(5)). Empty when there is none.
Result<std::vector<std::string>> MqueueMountPoints(const std::string& procfs);

/// The control group of a process, from `procfs`/PID/cgroup. Of several hierarchies (cgroup v1, or both versions), the
/// longest path: a container's group has its id in it, while the other hierarchies may have only the group of a service
/// or the root. A path outside of the root of the caller's cgroup namespace is given without its leading "/..". "/" if
/// every path is the root; empty if the process is gone or hidden.
std::string CgroupOf(const std::string& procfs, std::int32_t pid);

/// The one number in a file such as `procfs`/sys/fs/mqueue/queues_max; nothing when it cannot be read or is not one.
std::optional<std::uint64_t> ReadNumber(const std::string& path);

}  // namespace mqueue::os

#endif  // DAEMON_OS_PROC_H_
