#ifndef DAEMON_QUEUE_QUEUE_POLICY_H_
#define DAEMON_QUEUE_QUEUE_POLICY_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/queue/queue_ref.h"
#include "daemon/queue/reader_kind.h"

namespace mqueue {

/// Upper bounds of mqueue_message_priority and mqueue_message_type where the configuration names none; +Inf is implied.
inline constexpr std::uint64_t kDefaultPriorityBuckets[] = {0, 1, 3, 7, 15, 31, 63, 127, 255, 1023, 4095, 32767};

/// How a queue is to be watched: what the first matching rule of the configuration says, with the defaults filled in.
struct QueuePolicy {
  std::chrono::milliseconds interval{5000};
  /// Static labels, name and value, as configured.
  std::vector<std::pair<std::string, std::string>> labels;
  /// Strictly increasing.
  std::vector<std::uint64_t> priority_buckets{std::begin(kDefaultPriorityBuckets), std::end(kDefaultPriorityBuckets)};
  /// The only reader to use; absent is `auto`.
  std::optional<ReaderKind> reader;
  /// Whether a rule names the queue: such queues are the first to be kept under limits.max_queues.
  bool named = false;
};

/// Whether the policy lets `reader` read a queue of that kind. A forced reader that cannot serve this kind of queue is
/// ignored, as if the policy said `auto`.
bool Permits(const QueuePolicy& policy, ReaderKind reader, Ipc ipc);

/// A queue that exists and is to be looked at.
struct WatchedQueue {
  QueueRef ref;
  /// Never null; shared by all queues that one rule matched.
  std::shared_ptr<const QueuePolicy> policy;
};

}  // namespace mqueue

#endif  // DAEMON_QUEUE_QUEUE_POLICY_H_
