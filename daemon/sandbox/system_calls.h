#ifndef DAEMON_SANDBOX_SYSTEM_CALLS_H_
#define DAEMON_SANDBOX_SYSTEM_CALLS_H_

#include "daemon/os/error.h"

namespace mqueue::sandbox {

/// System calls that only some readers make.
struct ReaderCalls {
  /// mq_timedreceive2 with MQ_PEEK. Only where the kernel is known to have it: another kernel may have given its number
  /// to another call.
  bool syscall = false;
  /// fcntl(F_MQ_PEEK).
  bool fcntl = false;
  /// ioctl(MQ_IOC_SNAPSHOT).
  bool snapshot = false;
  /// bpf(BPF_ITER_CREATE) of a link that is loaded already.
  bool bpf = false;
};

/// Confines this process, with all the threads it has and will have, to the system calls of a daemon that looks and
/// serves (seccomp(2)). What would receive, send, notify, remove, execute, trace, write a file or hand on a descriptor
/// ends the process; every other call that is not foreseen fails with EPERM, or with ENOSYS where the C library then
/// has another way. Cannot be undone. Takes no_new_privs. Fails when the kernel lacks CONFIG_SECCOMP_FILTER.
os::Result<void> ConfineSystemCalls(const ReaderCalls& calls);

}  // namespace mqueue::sandbox

#endif  // DAEMON_SANDBOX_SYSTEM_CALLS_H_
