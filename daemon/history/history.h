#ifndef DAEMON_HISTORY_HISTORY_H_
#define DAEMON_HISTORY_HISTORY_H_

#include <chrono>
#include <optional>

#include "daemon/history/head_evidence.h"
#include "daemon/history/steady_timestamp.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::history {

/// What is kept of one queue between two looks.
struct Track {
  std::optional<HeadEvidence> evidence;
  /// CLOCK_BOOTTIME by which the head was queued; absent when nothing is known.
  std::optional<std::chrono::nanoseconds> head_since;
  SteadyTimestamp head_timestamp;
  SteadyTimestamp oldest_timestamp;
};

/// Holds what a single look cannot know: since when the head is the head. Not thread-safe.
///
/// Where the kernel tells ages they are taken from it. Otherwise they are observed, and lower bounds: a head that is
/// not provably the one of the look before (head_evidence.h) is as old as the last send or change that the queue itself
/// records, or counts from now. Ages are differences of CLOCK_BOOTTIME, and never larger than the time since the boot.
class History {
 public:
  /// Adds a look at a queue to its track and returns the new state of the queue. `track` is the one of the look before,
  /// or a new one at the first look. The looks at one queue come in order of time.
  QueueState Record(Track& track, WatchedQueue queue, Look look);

 private:
  static void RecordKernelAges(const QueueSnapshot& snapshot, std::chrono::nanoseconds head_age, Track& track,
                               QueueState& state);
  static void RecordEmpty(const QueueSnapshot& snapshot, Track& track, QueueState& state);
  void RecordObservedAge(const QueueSnapshot& snapshot, Track& track, QueueState& state) const;
  std::optional<std::chrono::nanoseconds> QueuedBy(const QueueSnapshot& snapshot, bool saw_it_arrive) const;
  std::optional<std::chrono::nanoseconds> StampedBy(const QueueSnapshot& snapshot) const;

  // The smallest difference of the two clocks so far: turns the kernel's wall-clock stamps into the latest
  // CLOCK_BOOTTIME that they can mean, whichever way the wall clock was stepped since.
  std::chrono::nanoseconds smallest_offset_ = std::chrono::nanoseconds::max();
};

}  // namespace mqueue::history

#endif  // DAEMON_HISTORY_HISTORY_H_
