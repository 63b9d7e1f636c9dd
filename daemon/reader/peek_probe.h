#ifndef DAEMON_READER_PEEK_PROBE_H_
#define DAEMON_READER_PEEK_PROBE_H_

#include "daemon/os/error.h"
#include "daemon/os/posix_peek.h"
#include "daemon/os/probe_queue.h"
#include "daemon/os/unique_fd.h"
#include "daemon/reader/peek_walk.h"
#include "daemon/reader/snapshot_walk.h"

namespace mqueue::reader {

/// Looks into an os::ProbeQueue through `peek`. Succeeds when every message of it comes back with its priority, in
/// receive order, and then the end, and none of it has changed the queue. Fails with the call's own error, or with
/// EPROTO when the kernel means something else by the call.
os::Result<void> CheckPeek(const PeekAt& peek);

os::Result<void> CheckPeek(os::Peek& peek, const os::UniqueFd& queue);

/// The same for `take`: the whole shape, at once and in pages of one. The ages may be any.
os::Result<void> CheckSnapshot(const TakePage& take);
os::Result<void> CheckSnapshot(const os::UniqueFd& queue);

}  // namespace mqueue::reader

#endif  // DAEMON_READER_PEEK_PROBE_H_
