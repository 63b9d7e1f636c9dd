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
  /// Replaces the watched queues by `queues`, which are in the order of QueueRef; `period` is the interval of rounds.
  /// New queues are due at once; queues that are gone are forgotten; a queue whose policy changed is due at once and
  /// keeps its history.
  void Update(std::vector<WatchedQueue> queues, std::chrono::nanoseconds now, std::chrono::milliseconds period);

  /// The queues to read in the round that begins `now`, the longest overdue first: a queue that the last round put off
  /// comes before those that it read. A queue that would fall due within half of a period counts as due, and so does
  /// one whose interval is shorter than the period. None is taken twice at one `now`. They are in flight until their
  /// look is recorded or they are put back.
  std::vector<WatchedQueue> TakeDue(std::chrono::nanoseconds now);

  /// The queues to read between two rounds: those with a shorter interval than the period that are due or will be
  /// within `slack`, the longest overdue first. They are in flight until their look is recorded or they are put back. A
  /// queue that could not be read between rounds is tried again after the next round.
  std::vector<WatchedQueue> TakeDueBetween(std::chrono::nanoseconds now, std::chrono::nanoseconds slack);

  /// The state of a queue before and after a look.
  struct Change {
    /// Null at the first look.
    std::shared_ptr<const QueueState> before;
    std::shared_ptr<const QueueState> after;
  };

  /// Adds the look of a round at a queue that was taken. Returns nothing if the queue is gone meanwhile.
  std::optional<Change> Record(const QueueRef& queue, Look look, std::chrono::nanoseconds now);

  /// Adds a look that was taken between rounds. It makes the history of the queue more exact and changes no state:
  /// other readers may serve between rounds, and what is shown must not depend on which look came last.
  void RecordBetween(const QueueRef& queue, Look look, std::chrono::nanoseconds now);

  /// A queue that was taken was not read after all: it is as overdue as before.
  void PutBack(const QueueRef& queue);

  /// The state of every queue that has been read, in the order of QueueRef.
  std::vector<std::shared_ptr<const QueueState>> States() const;

  /// Whether every queue has been looked at, but for those whose look was begun before the round of `round_began` and
  /// has not come back since.
  bool AllSeen(std::chrono::nanoseconds round_began) const;

  /// Queues that were taken and not recorded or put back.
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
    // Whether the last look between rounds failed, and whether to try again.
    bool only_in_rounds = false;
    bool try_between = true;
    history::Track track;
    // Null until the first look.
    std::shared_ptr<const QueueState> state;
  };

  using Entries = std::map<QueueRef, Entry>;

  std::chrono::milliseconds period_{};
  Entries entries_;
  // Those with a shorter interval than the period.
  std::vector<Entries::pointer> between_;
  history::History history_;
};

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_WATCH_LIST_H_
