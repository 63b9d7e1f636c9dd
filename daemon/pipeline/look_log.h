#ifndef DAEMON_PIPELINE_LOOK_LOG_H_
#define DAEMON_PIPELINE_LOOK_LOG_H_

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/log/limited_log.h"
#include "daemon/os/error.h"
#include "daemon/queue/instant.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::pipeline {

/// Logs changes of how queues are read, and only changes: a queue that cannot be read is one line, not one per round.
/// Since any user can make queues that come and go, lines of one kind are limited; see LimitedLog. Not thread-safe.
class LookLog {
 public:
  LookLog(log::Log log, Clock clock) : log_(std::move(log), [clock = std::move(clock)] { return clock().boottime; }) {}

  /// A queue was looked at again, or for the first time if `before` is null.
  void Looked(const QueueState* before, const QueueState& after);

  /// What discovery could not list this time. Called once per round.
  void Discovered(const std::vector<os::Error>& errors);

 private:
  // What reads the queue now, what did before, and why that no longer does.
  void TellReader(std::optional<ReaderKind> was, const QueueState& state);

  log::LimitedLog log_;
  std::set<std::string> known_errors_;
};

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_LOOK_LOG_H_
