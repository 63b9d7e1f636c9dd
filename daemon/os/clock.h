#ifndef DAEMON_OS_CLOCK_H_
#define DAEMON_OS_CLOCK_H_

#include <chrono>

#include "daemon/queue/instant.h"

namespace mqueue::os {

/// CLOCK_BOOTTIME and CLOCK_REALTIME, now.
Instant Now();

/// CPU time, user and system, that the calling thread has used (CLOCK_THREAD_CPUTIME_ID).
std::chrono::nanoseconds ThreadCpuTime();

}  // namespace mqueue::os

#endif  // DAEMON_OS_CLOCK_H_
