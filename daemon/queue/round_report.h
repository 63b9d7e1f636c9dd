#ifndef DAEMON_QUEUE_ROUND_REPORT_H_
#define DAEMON_QUEUE_ROUND_REPORT_H_

#include <chrono>
#include <cstdint>
#include <map>

#include "daemon/queue/instant.h"
#include "daemon/queue/look.h"
#include "daemon/queue/queue_ref.h"

namespace mqueue {

/// What one round of looks did, for the exporter's own metrics.
struct RoundReport {
  Instant finished;
  std::chrono::nanoseconds duration{};
  /// Queues that are watched, whether this round looked at them or not.
  std::map<Ipc, std::uint64_t> queues;
  /// Queues that the configuration excludes.
  std::uint64_t excluded = 0;
  /// Queues whose look was put off to the next round because the CPU budget was spent.
  std::uint64_t over_budget = 0;
  std::uint64_t looks = 0;
  std::map<LookErrorReason, std::uint64_t> errors;
};

}  // namespace mqueue

#endif  // DAEMON_QUEUE_ROUND_REPORT_H_
