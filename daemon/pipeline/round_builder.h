#ifndef DAEMON_PIPELINE_ROUND_BUILDER_H_
#define DAEMON_PIPELINE_ROUND_BUILDER_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "daemon/discovery/discovery.h"
#include "daemon/log/log.h"
#include "daemon/pipeline/look_log.h"
#include "daemon/pipeline/watch_list.h"
#include "daemon/queue/instant.h"
#include "daemon/queue/round.h"

namespace mqueue::pipeline {

/// Makes rounds out of what discovery and the readers return. Keeps what passes from one round to the next: the watched
/// queues with their history, and the counts that have not been reported yet. Knows nothing of threads and deadlines.
/// Not thread-safe.
class RoundBuilder {
 public:
  RoundBuilder(Clock clock, const log::Log& log) : clock_(clock), look_log_(log, std::move(clock)) {}

  /// A round begins now, which the CPU budget delayed for `stretch`. `period` is the interval of rounds.
  void Begin(std::chrono::nanoseconds stretch, std::chrono::milliseconds period);

  /// When the present round began.
  const Instant& began() const { return began_; }

  /// Takes what discovery found. If discovery gave up, returns the reason; the round is then to be abandoned.
  std::optional<AbandonReason> Add(discovery::Discovered found);

  /// See WatchList::TakeDue; to be recorded or put off.
  std::vector<WatchedQueue> TakeDue() { return watched_.TakeDue(began_.boottime); }

  /// Adds the looks at queues that were taken, one for each, in their order; of this round or an earlier one. A look
  /// without a value puts the queue off: the CPU budget ended before its turn. Returns the number put off.
  std::size_t Record(std::span<const WatchedQueue> queues, std::vector<std::optional<Look>> looks);

  /// See WatchList::TakeDueBetween; to be recorded or put back. `interval` is how often this is called.
  std::vector<WatchedQueue> TakeDueBetween(std::chrono::milliseconds interval) {
    return watched_.TakeDueBetween(clock_().boottime, interval / 2);
  }

  /// Adds looks between rounds, as Record. A queue that needs a host snapshot fails here, which is no error.
  void RecordBetween(std::span<const WatchedQueue> queues, std::vector<std::optional<Look>> looks);

  /// Puts back queues that were taken and whose look has not begun.
  void PutBack(std::span<const WatchedQueue> queues);

  /// Counts the looks that have not returned, or not begun, at the deadline of the round.
  void CountLate() { report_.late = watched_.InFlight(); }

  /// The round has ended, and was abandoned or not.
  void Finish();
  void Abandon(AbandonReason reason) { ++report_.abandoned[reason]; }

  /// The round as it stands. Counts start anew; gauges keep their values for rounds that are abandoned.
  std::shared_ptr<const Round> Build(const RoundSettings& settings);

  /// See WatchList::AllSeen.
  bool AllSeen() const { return watched_.AllSeen(began_.boottime); }

 private:
  void Count(const Look& look);

  Clock clock_;
  LookLog look_log_;
  Instant began_;
  std::chrono::milliseconds period_{};
  // Looks of late slices count in the round in which they return.
  RoundReport report_;
  std::vector<NamespaceUsage> usage_;
  std::vector<NamespaceResident> residents_;
  WatchList watched_;
};

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_ROUND_BUILDER_H_
