#ifndef DAEMON_SCHEDULE_LOOK_LOG_H_
#define DAEMON_SCHEDULE_LOOK_LOG_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/log/log.h"
#include "daemon/os/error.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::schedule {

/// Says in the log when something about looking changes, and only then: a queue that cannot be looked at is one line,
/// not one a round.
class LookLog {
 public:
  explicit LookLog(log::Log log) : log_(std::move(log)) {}

  /// A queue was looked at again (or for the first time, without `before`).
  void Looked(const std::optional<QueueState>& before, const QueueState& after) const;

  /// What discovery could not list this time.
  void Discovered(const std::vector<os::Error>& errors);

 private:
  // What reads the queue now, what did before, and why that no longer does.
  void TellReader(std::optional<ReaderKind> was, const QueueState& state) const;

  log::Log log_;
  std::set<std::string> known_errors_;
};

}  // namespace mqueue::schedule

#endif  // DAEMON_SCHEDULE_LOOK_LOG_H_
