#ifndef DAEMON_QUEUE_INSTANT_H_
#define DAEMON_QUEUE_INSTANT_H_

#include <chrono>
#include <functional>

namespace mqueue {

/// One moment on two clocks, read one right after the other.
struct Instant {
  /// CLOCK_BOOTTIME: never steps and goes on through a suspend. Ages are differences of it.
  std::chrono::nanoseconds boottime{};
  /// CLOCK_REALTIME: Unix time. It may step, so it is only for timestamps that are shown to people.
  std::chrono::nanoseconds realtime{};

  bool operator==(const Instant&) const = default;
};

/// Where an Instant comes from; a test hands in its own.
using Clock = std::function<Instant()>;

}  // namespace mqueue

#endif  // DAEMON_QUEUE_INSTANT_H_
