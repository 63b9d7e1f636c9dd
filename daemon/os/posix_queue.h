#ifndef DAEMON_OS_POSIX_QUEUE_H_
#define DAEMON_OS_POSIX_QUEUE_H_

#include <chrono>
#include <cstdint>
#include <string_view>

#include "daemon/os/error.h"
#include "daemon/os/unique_fd.h"
#include "daemon/queue/queue_snapshot.h"

namespace mqueue::os {

/// mq_getattr(3), less the flags of the descriptor.
struct PosixAttributes {
  std::uint64_t messages = 0;
  std::uint64_t messages_limit = 0;
  std::uint64_t message_size_limit = 0;
};

/// What fstat(2) tells of a queue.
struct PosixStatus {
  std::uint64_t inode = 0;
  Ownership ownership;
  /// st_ctime: no message has gone in or out after this second. Unix time cut to whole seconds: the mqueue file system
  /// keeps no finer times (its s_time_gran is the VFS's default of one second). A send or receive sets st_mtime and
  /// st_ctime alike, but the owner can set st_mtime to any time, and that sets st_ctime to now. So do chmod(2),
  /// chown(2), mq_notify(3), mq_setattr(3) and a read(2) of the queue's file.
  std::chrono::seconds last_changed{};
};

/// Both change nothing, not even the times of the inode (a read(2) of the descriptor would). `name` is for the error.
Result<PosixAttributes> GetAttributes(const UniqueFd& queue, std::string_view name);
Result<PosixStatus> GetStatus(const UniqueFd& queue, std::string_view name);

/// Whether the running kernel has POSIX message queues (CONFIG_POSIX_MQUEUE).
bool KernelHasPosixQueues();

}  // namespace mqueue::os

#endif  // DAEMON_OS_POSIX_QUEUE_H_
