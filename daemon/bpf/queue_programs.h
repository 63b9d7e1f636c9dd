#ifndef DAEMON_BPF_QUEUE_PROGRAMS_H_
#define DAEMON_BPF_QUEUE_PROGRAMS_H_

#include <chrono>
#include <cstdint>
#include <memory>

#include "daemon/bpf/walk.h"
#include "daemon/bpf/walk_end.h"
#include "daemon/os/error.h"

namespace mqueue::bpf {

/// The loaded programs of queues.bpf.c and the maps that they report into, about 5 MB of kernel memory. They run when
/// a walk reads them and at no other time, and are gone from the kernel with this object. Not thread-safe.
class QueuePrograms {
 public:
  /// Verifies and loads them; takes CAP_BPF and CAP_PERFMON, a kernel of 6.1 or later, and its types in
  /// /sys/kernel/btf/vmlinux. The error says which of these is missing. Walking then takes no right any more.
  static os::Result<QueuePrograms> Load(const std::string& procfs);

  QueuePrograms(QueuePrograms&&) noexcept;
  QueuePrograms& operator=(QueuePrograms&&) noexcept;
  ~QueuePrograms();

  /// One walk over every queue of every IPC namespace that a task of the daemon's PID namespace lives in; of one
  /// namespace only where `only_space` is its inode number. A namespace that ends meanwhile is left out. Returns within
  /// a few milliseconds of the deadline whatever the host does.
  WalkResult<Walk> WalkQueues(std::uint64_t only_space, std::chrono::steady_clock::time_point deadline,
                              const WalkLimits& limits = {});

  /// The longest that the kernel has run a program in one go, which it does inside an RCU read section.
  std::chrono::nanoseconds LongestCallback() const;

 private:
  class Impl;
  explicit QueuePrograms(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_QUEUE_PROGRAMS_H_
