#ifndef DAEMON_READER_POSIX_SNAPSHOT_H_
#define DAEMON_READER_POSIX_SNAPSHOT_H_

#include <expected>

#include "daemon/os/mqueue_directory.h"
#include "daemon/os/posix_queue.h"
#include "daemon/os/unique_fd.h"
#include "daemon/queue/look.h"
#include "daemon/queue/queue_ref.h"

namespace mqueue::reader {

/// A POSIX queue that is open for the length of a look, and what any kernel tells of it.
struct OpenedQueue {
  os::UniqueFd descriptor;
  os::PosixStatus status;
  os::PosixAttributes attributes;
};

/// Opens the queue for reading, which its permissions must allow. Fails when it is gone or another one has its name.
std::expected<OpenedQueue, LookError> OpenForLook(const os::MqueueDirectory& directory, const QueueRef& queue);

/// Reads depth, limits and status again. No message that is counted in the depth was sent after the time of the last
/// change.
std::expected<void, LookError> Refresh(OpenedQueue& opened, const QueueRef& queue);

/// What every POSIX reader knows of a queue.
QueueSnapshot PosixSnapshot(ReaderKind reader, const Instant& now, const OpenedQueue& opened);

}  // namespace mqueue::reader

#endif  // DAEMON_READER_POSIX_SNAPSHOT_H_
