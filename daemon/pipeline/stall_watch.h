#ifndef DAEMON_PIPELINE_STALL_WATCH_H_
#define DAEMON_PIPELINE_STALL_WATCH_H_

#include <chrono>
#include <optional>

namespace mqueue::pipeline {

/// Says whether rounds still finish: they stall when none has finished for three intervals, and at least 30 seconds.
/// Takes CLOCK_MONOTONIC, which stands still while the host sleeps. Not thread-safe.
class StallWatch {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// A round that was run at this interval has finished, or the first one begins.
  void Finished(Time now, std::chrono::milliseconds interval);

  /// How long no round has finished, if that is too long. `interval` is the one in force: after a reload that shortens
  /// it, the longer one holds until a round has finished.
  std::optional<std::chrono::seconds> StalledFor(Time now, std::chrono::milliseconds interval) const;

 private:
  Time last_;
  std::chrono::milliseconds interval_{};
};

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_STALL_WATCH_H_
