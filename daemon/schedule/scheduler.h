#ifndef DAEMON_SCHEDULE_SCHEDULER_H_
#define DAEMON_SCHEDULE_SCHEDULER_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "daemon/discovery/discovery.h"
#include "daemon/log/log.h"
#include "daemon/queue/instant.h"
#include "daemon/reader/ladder.h"
#include "daemon/schedule/round.h"

namespace mqueue::schedule {

/// What a round needs to know: built from one version of the configuration and replaced as a whole by a reload.
struct Plan {
  std::shared_ptr<const discovery::Discovery> discovery;
  std::shared_ptr<const reader::Ladder> ladder;
  /// How often a round begins: the shortest interval of any rule.
  std::chrono::milliseconds tick{5000};
  /// The part of one core that looking may take, 0 to 1.
  double cpu_budget = 0.1;
};

/// Begins a round at every tick: asks discovery what exists, has the due queues looked at on the pool, hands the round
/// to its publisher. Looks are spread over the pool in slices. A slice that is late does not hold the round up: its
/// queues are shown as they were, and not asked again, until it comes back. A round that takes longer than a tick is
/// followed by the next at once.
///
/// All methods are called on the thread that runs `io`.
class Scheduler {
 public:
  /// Takes a finished round, on a thread of the pool; one at a time.
  using Publish = std::function<void(Round)>;

  /// `io` and `pool` outlive the scheduler's last callback: stop and join them before it is destroyed.
  Scheduler(boost::asio::io_context& io, boost::asio::thread_pool& pool, Plan plan, Publish publish, Clock clock,
            log::Log log);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Begins the first round at once. `on_ready` is called once, when every queue that was found has been looked at and
  /// that round has been published.
  void Start(std::function<void()> on_ready);

  /// Takes effect with the next round, which begins at once or when the present one is over.
  void Replace(Plan plan);

  /// Begins no more rounds.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mqueue::schedule

#endif  // DAEMON_SCHEDULE_SCHEDULER_H_
