#ifndef DAEMON_READER_PEEK_SUPPORT_H_
#define DAEMON_READER_PEEK_SUPPORT_H_

#include <vector>

#include "daemon/reader/support.h"

namespace mqueue::reader {

/// Probes the readers that need a kernel which lets one look: snapshot, fcntl, syscall, on a queue of the daemon's own.
/// mq_timedreceive2 has a number that another kernel may have given to another call, so it is called only where the
/// kernel names it or `options` forces it.
std::vector<Support> ProbePeeks(const ProbeOptions& options);

}  // namespace mqueue::reader

#endif  // DAEMON_READER_PEEK_SUPPORT_H_
