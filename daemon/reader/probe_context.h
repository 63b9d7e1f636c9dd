#ifndef DAEMON_READER_PROBE_CONTEXT_H_
#define DAEMON_READER_PROBE_CONTEXT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/bpf/host_walker.h"
#include "daemon/os/error.h"
#include "daemon/os/mqueue_directory.h"
#include "daemon/os/probe_queue.h"
#include "daemon/os/unique_fd.h"
#include "daemon/reader/support.h"

namespace mqueue::reader {

/// Where POSIX queues are listed and opened, or why there is no such directory.
using DirectoryResult = os::Result<std::shared_ptr<const os::MqueueDirectory>>;

/// The BPF programs at work, or why they could not be loaded.
using WalkerResult = os::Result<std::shared_ptr<bpf::HostWalker>>;

struct ProbeOptions {
  /// Where the running kernel names its functions; see os::KernelNamesSyscall.
  std::vector<std::string> kernel_functions{"/sys/kernel/btf/vmlinux", "/proc/kallsyms"};
  /// Readers that the configuration forces: they are tried even where the kernel does not name their call.
  std::vector<ReaderKind> forced;
  WalkerResult walker = std::unexpected(os::Error{0, "no BPF programs were asked for"});
};

/// What the probes of the readers share. Each returns a Support whose `reader` the caller fills in. Not thread-safe.
class ProbeContext {
 public:
  /// `directory` and `options` must outlive the context.
  ProbeContext(const DirectoryResult& directory, const ProbeOptions& options);

  const ProbeOptions& options() const { return options_; }
  bool IsForced(ReaderKind reader) const;

  /// Supported if POSIX queues can be opened.
  Support Posix() const;

  /// Supported if POSIX queues can be opened and `check` succeeds on a private queue with known messages.
  Support PosixCall(const std::function<os::Result<void>(const os::UniqueFd& queue)>& check) const;

 private:
  const DirectoryResult& directory_;
  const ProbeOptions& options_;
  /// Absent if POSIX queues cannot be opened.
  std::optional<os::Result<os::ProbeQueue>> queue_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_PROBE_CONTEXT_H_
