#ifndef DAEMON_READER_LOOK_FAILURE_H_
#define DAEMON_READER_LOOK_FAILURE_H_

#include <expected>

#include "daemon/os/error.h"
#include "daemon/queue/look.h"
#include "daemon/queue/queue_ref.h"

namespace mqueue::reader {

/// A failed system call as the failure of a look, with the advice that fits its errno.
std::unexpected<LookError> LookFailure(const os::Error& error);

/// The queue was removed, or another one has its name, since it was discovered.
std::unexpected<LookError> QueueIsGone(const QueueRef& queue);

}  // namespace mqueue::reader

#endif  // DAEMON_READER_LOOK_FAILURE_H_
