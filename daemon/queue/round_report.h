#ifndef DAEMON_QUEUE_ROUND_REPORT_H_
#define DAEMON_QUEUE_ROUND_REPORT_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <string_view>

#include "daemon/queue/instant.h"
#include "daemon/queue/look.h"
#include "daemon/queue/queue_ref.h"

namespace mqueue {

/// Why a round was given up: the `reason` label of mqueue_exporter_rounds_abandoned_total. To add a reason, add it
/// here, to kAbandonReasons and to ToString; the metric's HELP text and README explain each.
enum class AbandonReason : std::uint8_t {
  kDiscovery,  ///< discovery did not return before its deadline
  kLooks,      ///< every look thread was still busy with a look of an earlier round
  kRendering,  ///< rendering did not return before its deadline
};

inline constexpr AbandonReason kAbandonReasons[] = {AbandonReason::kDiscovery, AbandonReason::kLooks,
                                                    AbandonReason::kRendering};

/// "discovery", "looks", …
std::string_view ToString(AbandonReason reason);

/// What one round of looks did, for the exporter's own metrics.
struct RoundReport {
  /// End of the last round that was not given up. An abandoned round repeats this and the other gauges but `stretch`.
  Instant finished;
  std::chrono::nanoseconds duration{};
  /// How much later than its interval the round began, because the CPU budget was spent.
  std::chrono::nanoseconds stretch{};
  /// Queues that are watched, whether this round looked at them or not.
  std::map<Ipc, std::uint64_t> queues;
  /// Queues that the configuration excludes.
  std::uint64_t excluded = 0;
  /// Queues, and namespaces with queues, beyond the limits of the eBPF walk.
  std::uint64_t beyond_walk = 0;
  /// Queues whose look was put off to the next round because the CPU budget was spent.
  std::uint64_t over_budget = 0;
  /// Queues whose look had not returned, or not begun, when the round ended.
  std::uint64_t late = 0;
  std::uint64_t looks = 0;
  std::map<LookErrorReason, std::uint64_t> errors;
  /// Rounds given up since the last report that was published.
  std::map<AbandonReason, std::uint64_t> abandoned;
};

}  // namespace mqueue

#endif  // DAEMON_QUEUE_ROUND_REPORT_H_
