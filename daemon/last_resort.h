#ifndef DAEMON_LAST_RESORT_H_
#define DAEMON_LAST_RESORT_H_

#include "daemon/log/log.h"

namespace mqueue {

/// From now on, an exception that no code handles, on whichever thread, is logged as one line and ends the process with
/// status 1. Without it, the process would abort, or go on without the thread. Call it once, before there are threads.
void EndOnUnhandledException(const log::Log& log);

}  // namespace mqueue

#endif  // DAEMON_LAST_RESORT_H_
