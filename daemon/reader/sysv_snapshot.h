#ifndef DAEMON_READER_SYSV_SNAPSHOT_H_
#define DAEMON_READER_SYSV_SNAPSHOT_H_

#include <cstdint>
#include <optional>

#include "daemon/os/sysv_queue.h"
#include "daemon/queue/queue_snapshot.h"

namespace mqueue::reader {

/// What both SysV readers know of a queue from msgctl(MSG_STAT_ANY). `largest_message` is kernel.msgmax in bytes,
/// absent when unknown; no message larger than the whole queue fits either.
QueueSnapshot SysvSnapshot(ReaderKind reader, const Instant& now, const os::SysvStatus& status,
                           std::optional<std::uint64_t> largest_message);

/// kernel.msgmax of the own IPC namespace, in bytes.
std::optional<std::uint64_t> LargestSysvMessage();

}  // namespace mqueue::reader

#endif  // DAEMON_READER_SYSV_SNAPSHOT_H_
