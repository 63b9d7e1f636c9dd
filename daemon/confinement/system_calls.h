#ifndef DAEMON_CONFINEMENT_SYSTEM_CALLS_H_
#define DAEMON_CONFINEMENT_SYSTEM_CALLS_H_

#include <span>

#include "daemon/confinement/reader_needs.h"
#include "daemon/os/error.h"

namespace mqueue::confinement {

/// Confines this process, with all the threads it has and will have, to the system calls of a daemon that looks and
/// serves (seccomp(2)). What would receive, send, notify, remove, execute, trace, write a file or hand on a descriptor
/// ends the process; every other call that is not foreseen fails with EPERM, or with ENOSYS where the C library then
/// has another way. `calls` are those of readers that the kernel was seen to support: another kernel may have given the
/// number to another call. Cannot be undone. Takes no_new_privs. Fails when the kernel lacks CONFIG_SECCOMP_FILTER.
os::Result<void> ConfineSystemCalls(std::span<const ReaderCall> calls);

}  // namespace mqueue::confinement

#endif  // DAEMON_CONFINEMENT_SYSTEM_CALLS_H_
