#ifndef DAEMON_PIPELINE_WATCH_LIST_H_
#define DAEMON_PIPELINE_WATCH_LIST_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/history/history.h"
#include "daemon/queue/queue_policy.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::pipeline {

/// The queues that are watched: which are due, which wait for a late look, and what is known of each. Not thread-safe.
/// Times are CLOCK_BOOTTIME.
class WatchList {
 public:
  /// Replaces the watched queues by `queues`, which are in the order of QueueRef. New queues are due at once; queues
  /// that are gone are forgotten; a queue whose policy changed is due at once and keeps its history.
  void Update(std::vector<WatchedQueue> queues, std::chrono::nanoseconds now);

  /// The queues to look at in the round that begins `now`: those that the last round put off first, then the longest
  /// overdue. A queue that would fall due within `slack` counts as due. They are in flight until their look is recorded
  /// or put off.
  std::vector<WatchedQueue> TakeDue(std::chrono::nanoseconds now, std::chrono::nanoseconds slack);

  /// The state of a queue before and after a look.
  struct Change {
    /// Null at the first look.
    std::shared_ptr<const QueueState> before;
    std::shared_ptr<const QueueState> after;
  };

  /// Adds the look at a queue that was taken. Returns nothing if the queue is gone meanwhile.
  std::optional<Change> Record(const QueueRef& queue, Look look, std::chrono::nanoseconds now);

  /// The budget ended before the queue's turn: it is the first in the next round.
  void PutOff(const QueueRef& queue);

  /// The state of every queue that has been read, in the order of QueueRef.
  std::vector<std::shared_ptr<const QueueState>> States() const;

  /// Whether every queue has been looked at, but for those whose look was begun before the round of `round_began` and
  /// has not come back since.
  bool AllSeen(std::chrono::nanoseconds round_began) const;

  /// Queues whose look was begun and has not been recorded or put off.
  std::uint64_t InFlight() const;

  /// Queues watched, by kind.
  std::map<Ipc, std::uint64_t> Counts() const;

 private:
  struct Entry {
    // Never null.
    std::shared_ptr<const QueuePolicy> policy;
    std::chrono::nanoseconds due{};
    bool in_flight = false;
    // When its look was begun last.
    std::chrono::nanoseconds taken{};
    bool put_off = false;
    history::Track track;
    // Null until the first look.
    std::shared_ptr<const QueueState> state;
  };

  std::map<QueueRef, Entry> entries_;
  history::History history_;
};

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_WATCH_LIST_H_
