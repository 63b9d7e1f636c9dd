#ifndef DAEMON_SCHEDULE_WATCH_LIST_H_
#define DAEMON_SCHEDULE_WATCH_LIST_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "daemon/history/history.h"
#include "daemon/queue/queue_policy.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::schedule {

/// The queues that are watched: which are due, which wait for a late look, and what is known of each. Not thread-safe.
/// Times are CLOCK_BOOTTIME.
class WatchList {
 public:
  /// Takes over what exists now: new queues are due at once; what is gone is forgotten; a queue whose policy changed
  /// keeps its history.
  void Update(std::vector<WatchedQueue> queues, std::chrono::nanoseconds now);

  /// The queues to look at in the round that begins `now`: those that the last round put off first, then the longest
  /// overdue. A queue that would fall due within `slack` counts as due. They are in flight until their look is recorded
  /// or put off.
  std::vector<WatchedQueue> TakeDue(std::chrono::nanoseconds now, std::chrono::nanoseconds slack);

  /// The look of a queue that was taken. Returns what was known of it before and after; nothing when the queue has gone
  /// meanwhile.
  struct Change {
    std::optional<QueueState> before;
    const QueueState& after;
  };
  std::optional<Change> Record(const QueueRef& queue, Look look, std::chrono::nanoseconds now);

  /// The budget ended before the queue's turn: it is the first in the next round.
  void PutOff(const QueueRef& queue);

  /// What is known of every queue that has been looked at.
  std::vector<QueueState> States() const;

  /// Whether every queue has been looked at, but for those whose look was begun before the round of `round_began` and
  /// has not come back since.
  bool AllSeen(std::chrono::nanoseconds round_began) const;

  /// Queues whose look was begun and has not been recorded or put off.
  std::uint64_t InFlight() const;

  /// Queues watched, by kind.
  std::map<Ipc, std::uint64_t> Counts() const;

 private:
  struct Entry {
    WatchedQueue queue;
    std::chrono::nanoseconds due{};
    bool in_flight = false;
    // When its look was begun last.
    std::chrono::nanoseconds taken{};
    bool put_off = false;
    std::optional<QueueState> state;
  };

  std::map<QueueRef, Entry> entries_;
  history::History history_;
};

}  // namespace mqueue::schedule

#endif  // DAEMON_SCHEDULE_WATCH_LIST_H_
