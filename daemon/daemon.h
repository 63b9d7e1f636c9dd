#ifndef DAEMON_DAEMON_H_
#define DAEMON_DAEMON_H_

#include <memory>

#include "daemon/confinement/sandbox.h"
#include "daemon/log/log.h"
#include "daemon/settings/flags.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// Runs the pipeline and serves its rounds until SIGTERM or SIGINT; SIGHUP and POST /-/reload load the configuration
/// again. Everything but discovery, looks and rendering happens on the calling thread, and the other threads begin when
/// the protection is complete.
///
/// While no round finishes (see Pipeline::Stalled), /-/ready and /-/healthy answer 503 and the service manager's
/// watchdog is not fed. A stop takes 4 seconds at most for the requests in flight. If a thread has not returned 2
/// seconds later, the process logs which one and exits with status 1.
class Daemon {
 public:
  /// `sandbox` has begun, and outlives the daemon.
  Daemon(const settings::Flags& flags, const settings::Settings& settings, confinement::Sandbox& sandbox,
         const log::Log& log);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// Serves until told to stop. Returns the process's exit code: 0 after a stop that was asked for, 1 when it could not
  /// start, which the log then explains.
  int Run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mqueue

#endif  // DAEMON_DAEMON_H_
