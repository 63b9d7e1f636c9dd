#ifndef DAEMON_HISTORY_STEADY_TIMESTAMP_H_
#define DAEMON_HISTORY_STEADY_TIMESTAMP_H_

#include <chrono>
#include <optional>

namespace mqueue::history {

/// The Unix time at which a message was queued, as it is shown: computed anew at every look it would jitter by the
/// clocks' resolution, so it stays what it was until it would move by more than 100 ms, as after a step of the wall
/// clock.
class SteadyTimestamp {
 public:
  /// `computed` is what this look says; `same_message` false starts anew.
  std::chrono::nanoseconds Show(std::chrono::nanoseconds computed, bool same_message);

 private:
  std::optional<std::chrono::nanoseconds> shown_;
};

}  // namespace mqueue::history

#endif  // DAEMON_HISTORY_STEADY_TIMESTAMP_H_
