#ifndef DAEMON_PIPELINE_SCHEDULER_H_
#define DAEMON_PIPELINE_SCHEDULER_H_

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "daemon/log/log.h"
#include "daemon/pipeline/plan.h"
#include "daemon/pipeline/worker_pool.h"
#include "daemon/queue/instant.h"
#include "daemon/queue/round.h"

namespace mqueue::pipeline {

/// Begins a round every Plan::period: discovers the queues, reads those that are due, passes the round to its
/// publisher. A round that takes longer than the period is followed by the next at once.
///
/// All CPU time that this takes, on any thread, is charged to a CpuAccount with the share Plan::cpu_budget. A round
/// that overdraws it delays the next one until the account is balanced; RoundReport::stretch is that delay.
///
/// Queues whose interval is shorter are also read between rounds, which speeds up nothing else: these looks make their
/// history more exact, and have no host snapshot.
///
/// No step is waited for without a bound:
///  - Looks are spread over their threads in slices. At the deadline the round is published without the slices that
///  have
///    not returned; their queues are shown as they were and are not asked again until they return. Slices that have not
///    begun are put off to the next round. When no slice could begin, since looks of earlier rounds still hold every
///    thread, the round is abandoned.
///  - Discovery or rendering that does not return by its deadline abandons the round. Until it returns, each period
///    abandons one more round, and posts no work to the thread that hangs.
/// An abandoned round is counted in RoundReport::abandoned and shows the queues as they were.
///
/// All methods are called on the thread that runs `io`.
class Scheduler {
 public:
  /// Takes a finished or abandoned round, on the rendering thread; one at a time.
  using Publish = std::function<void(std::shared_ptr<const Round>)>;

  /// `io` and `workers` outlive the scheduler's last callback: stop the one and destroy the other before it.
  Scheduler(boost::asio::io_context& io, const Workers& workers, Plan plan, Publish publish, Clock clock,
            const log::Log& log);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Begins the first round at once. `on_ready` is called once, when every queue that was found has been looked at and
  /// that round has been published.
  void Start(std::function<void()> on_ready);

  /// Takes effect with the next round, which begins at once or when the present one is over.
  void Replace(Plan plan);

  /// Begins no more rounds; a round that has begun is not published.
  void Stop();

  /// How long no round has finished, if that is too long (see StallWatch). Abandoned rounds do not count as finished.
  std::optional<std::chrono::seconds> StalledFor() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_SCHEDULER_H_
