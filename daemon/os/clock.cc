#include "daemon/os/clock.h"

#include <ctime>

namespace mqueue::os {
namespace {

std::chrono::nanoseconds Read(clockid_t clock) {
  timespec time{};
  // Cannot fail: the three clocks exist on every kernel that we run on.
  ::clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

Instant Now() { return {.boottime = Read(CLOCK_BOOTTIME), .realtime = Read(CLOCK_REALTIME)}; }

std::chrono::nanoseconds ThreadCpuTime() { return Read(CLOCK_THREAD_CPUTIME_ID); }

}  // namespace mqueue::os
