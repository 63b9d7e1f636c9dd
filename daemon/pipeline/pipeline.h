#ifndef DAEMON_PIPELINE_PIPELINE_H_
#define DAEMON_PIPELINE_PIPELINE_H_

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/log/log.h"
#include "daemon/pipeline/host.h"
#include "daemon/pipeline/worker_pool.h"
#include "daemon/queue/instant.h"
#include "daemon/queue/round.h"
#include "daemon/settings/settings.h"

namespace mqueue::pipeline {

class Scheduler;

/// Reads the queues of a host and makes a Round of them: discovery, readers and history, round after round. Every
/// output is a sink that takes a Round and knows nothing else.
///
/// A program either calls RunOnce, or Start and then runs `io`. All methods are called on one thread, after Start on
/// the one that runs `io`.
class Pipeline {
 public:
  /// Takes a finished or abandoned round. Must not keep the thread that calls it for long.
  using Sink = std::function<void(const std::shared_ptr<const Round>&)>;

  Pipeline(Host host, settings::Settings settings, Clock clock, log::Log log);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  const Host& host() const { return host_; }

  /// Adds a sink, before RunOnce or Start. Each round passes through the sinks in the order in which they were added:
  /// on the calling thread of RunOnce, otherwise on the rendering thread, one round at a time.
  void OnRound(Sink sink);

  /// Discovers the queues, reads all of them on the calling thread, and returns the round. Has no CPU budget; blocks as
  /// long as the slowest queue takes. If discovery gave up, the round says so in RoundReport::abandoned and is empty.
  std::shared_ptr<const Round> RunOnce();

  /// Begins the first round at once, and further rounds until Stop; see Scheduler. `on_ready` is called once, when
  /// every queue that was found has been read and that round has passed the sinks. `io` and `workers` outlive the last
  /// callback: stop the one and join the other before the pipeline is destroyed.
  void Start(boost::asio::io_context& io, const Workers& workers, std::function<void()> on_ready);

  /// Other settings from the next round on, which begins at once or when the present one is over.
  void Replace(settings::Settings settings);

  /// Begins no more rounds; a round that has begun does not reach the sinks.
  void Stop();

  /// For how long no round has finished, if that is too long (see StallWatch). Abandoned rounds do not count as
  /// finished. Nothing before Start.
  std::optional<std::chrono::seconds> Stalled() const;

 private:
  void Publish(const std::shared_ptr<const Round>& round) const;

  const Host host_;
  settings::Settings settings_;
  const Clock clock_;
  const log::Log log_;
  std::vector<Sink> sinks_;
  std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_PIPELINE_H_
