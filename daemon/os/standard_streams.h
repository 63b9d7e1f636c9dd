#ifndef DAEMON_OS_STANDARD_STREAMS_H_
#define DAEMON_OS_STANDARD_STREAMS_H_

#include <string_view>

#include "daemon/os/error.h"

namespace mqueue::os {

/// Opens /dev/null as each of the descriptors 0, 1 and 2 that is closed, so that no file or socket opened later gets
/// one of these numbers and receives what the process writes to stdout or stderr. Call it before anything else is
/// opened.
Result<void> OpenStandardStreams();

/// Whether a write of at most PIPE_BUF bytes to `descriptor` would return at once, with success or an error. Another
/// process that writes to the same pipe may change that at any moment.
bool IsWritable(int descriptor);

/// Writes all of `text`. Blocks until the reader has taken it, also if the descriptor is non-blocking. Returns an error
/// if a write fails; a part may have been written then.
Result<void> WriteAll(int descriptor, std::string_view text);

}  // namespace mqueue::os

#endif  // DAEMON_OS_STANDARD_STREAMS_H_
