#ifndef DAEMON_READER_SUPPORT_H_
#define DAEMON_READER_SUPPORT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/bpf/host_walker.h"
#include "daemon/os/error.h"
#include "daemon/os/mqueue_directory.h"
#include "daemon/reader/message_digest.h"
#include "daemon/reader/reader.h"

namespace mqueue::reader {

/// Whether a reader can work at all here.
struct Support {
  ReaderKind reader = ReaderKind::kAttr;
  bool supported = false;
  /// False when it could not be found out, for want of room or a right; the reader then counts as not supported.
  bool known = true;
  /// Why not, or why not known; empty when supported.
  std::string obstacle;
};

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

/// Asks the running kernel once, for every reader there is, without touching anybody's queue. It makes a queue of its
/// own and sends to it, and calls what the kernel may not have, so it comes before any sandbox. `directory` is where
/// POSIX queues are listed and opened, or why there is none.
std::vector<Support> ProbeReaders(const DirectoryResult& directory, const ProbeOptions& options = {});

/// Whether the reader is among those and supported.
bool IsSupported(const std::vector<Support>& support, ReaderKind reader);

/// Bounds of a single look. The defaults of the limits are those of settings::MaxMessages, so every caller sets them.
struct ReaderOptions {
  /// peek.max_messages.fcntl and .syscall.
  std::uint64_t fcntl_max_messages = 0;
  std::uint64_t syscall_max_messages = 0;
  /// peek.max_messages.msg_copy.
  std::uint64_t msg_copy_max_messages = 0;
  /// What heads are recognised by; a reader that is to know those that another has seen takes the same.
  MessageDigest digest;
};

/// The readers that `support` names as supported, best first, as a Ladder takes them.
std::vector<std::unique_ptr<Reader>> MakeReaders(const std::vector<Support>& support, const DirectoryResult& directory,
                                                 const ReaderOptions& options, const Clock& clock);

}  // namespace mqueue::reader

#endif  // DAEMON_READER_SUPPORT_H_
