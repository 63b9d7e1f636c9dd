#ifndef DAEMON_READER_MSG_COPY_WALK_H_
#define DAEMON_READER_MSG_COPY_WALK_H_

#include <cstdint>
#include <expected>
#include <vector>

#include "daemon/os/error.h"
#include "daemon/os/sysv_queue.h"
#include "daemon/reader/cpu_budget.h"
#include "daemon/reader/message_digest.h"
#include "daemon/reader/message_tally.h"

namespace mqueue::reader {

/// What a walk over the messages of one SysV queue found, oldest first.
struct MsgCopyWalk {
  /// The messages copied.
  MessagesSeen seen;
  /// Indices of messages that cannot be copied at all: larger than a since lowered kernel.msgmax.
  std::vector<std::uint64_t> uncopied;
  /// Whether the walk got to the end of the queue.
  bool complete = false;
};

struct MsgCopyBounds {
  /// Messages looked at, at most: the kernel walks to each from the front.
  std::uint64_t max_messages = 0;
  /// kernel.msgmax, in bytes.
  std::uint64_t largest_message = 8192;
};

/// Copies message after message of `queue` without receiving any. `queue` is the status from just before; its size
/// serves to choose a buffer. Stops at the bounds and when the budget of `meter` is spent. Fails when the queue is gone
/// or may not be read, and with ENOMEM.
os::Result<MsgCopyWalk> WalkMessages(const os::SysvStatus& queue, const MsgCopyBounds& bounds,
                                     const MessageDigest& digest, CpuMeter& meter);

}  // namespace mqueue::reader

#endif  // DAEMON_READER_MSG_COPY_WALK_H_
