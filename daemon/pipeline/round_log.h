#ifndef DAEMON_PIPELINE_ROUND_LOG_H_
#define DAEMON_PIPELINE_ROUND_LOG_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "daemon/log/log.h"
#include "daemon/queue/round_report.h"

namespace mqueue::pipeline {

/// Logs when rounds begin to be given up, when the reason changes, and when rounds finish again; not every round. Not
/// thread-safe.
class RoundLog {
 public:
  explicit RoundLog(log::Log log) : log_(std::move(log)) {}

  void Abandoned(AbandonReason reason);
  void Finished();

 private:
  log::Log log_;
  std::optional<AbandonReason> reason_;
  std::uint64_t abandoned_ = 0;
};

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_ROUND_LOG_H_
