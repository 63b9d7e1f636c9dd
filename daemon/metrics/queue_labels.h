#ifndef DAEMON_METRICS_QUEUE_LABELS_H_
#define DAEMON_METRICS_QUEUE_LABELS_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/queue/queue_state.h"

namespace mqueue::metrics {

/// The label texts of a round's queues, rendered once for all families. Each has ipc, ipc_namespace and queue, then the
/// static labels that the policies of any of the queues give, with an empty value where the queue's own has none.
class QueueLabelTexts {
 public:
  explicit QueueLabelTexts(std::span<const QueueState* const> queues);

  /// The text of the queue with this index.
  std::string_view operator[](std::size_t index) const;

 private:
  // In one piece of memory.
  std::string texts_;
  // Where each text ends.
  std::vector<std::size_t> ends_;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_QUEUE_LABELS_H_
