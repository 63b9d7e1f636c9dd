#ifndef DAEMON_CONFINEMENT_READER_NEEDS_H_
#define DAEMON_CONFINEMENT_READER_NEEDS_H_

#include <cstdint>
#include <span>

#include "daemon/confinement/capability.h"
#include "daemon/queue/reader_kind.h"

namespace mqueue::confinement {

/// A system call that only one reader makes, and the one argument with which it cannot do anything but read.
struct ReaderCall {
  /// As in <sys/syscall.h>.
  int number = 0;
  /// The place of the argument, from 0, and the only value that is allowed.
  unsigned argument = 0;
  std::uint64_t value = 0;
  /// Whether the call with another value ends the process. Otherwise the other values are as if there were no reader.
  bool deadly_otherwise = false;
};

/// What one reader needs of a process that the sandbox confines.
struct ReaderNeeds {
  ReaderKind kind = ReaderKind::kAttr;
  /// Without these the reader does not work at all. They are given up once it is loaded.
  std::span<const Capability> to_start;
  /// With these the reader can read the queues whose mode denies it, too. They are kept.
  std::span<const Capability> to_read;
  /// Whether it opens queues in an mqueue file system.
  bool opens_queues = false;
  /// Beside the calls that the sandbox allows to every reader.
  std::span<const ReaderCall> calls;
};

}  // namespace mqueue::confinement

#endif  // DAEMON_CONFINEMENT_READER_NEEDS_H_
