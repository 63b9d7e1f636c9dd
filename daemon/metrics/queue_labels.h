#ifndef DAEMON_METRICS_QUEUE_LABELS_H_
#define DAEMON_METRICS_QUEUE_LABELS_H_

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/queue/queue_state.h"

namespace mqueue::metrics {

/// The names of all static labels that the policies of these queues give: every series carries all of them.
std::set<std::string_view> StaticLabelNames(std::span<const QueueState* const> queues);

/// Name and value (valid UTF-8) of each label of a queue: ipc, ipc_namespace, queue, then `static_names`, with an empty
/// value where the queue's policy has none of that name.
std::vector<std::pair<std::string, std::string>> LabelsOf(const QueueState& queue,
                                                          const std::set<std::string_view>& static_names);

/// The label texts of a round's queues, rendered once for all families and kept in one piece of memory.
class QueueLabelTexts {
 public:
  /// Replaces all texts; the memory is used again.
  void Assign(std::span<const QueueState* const> queues);

  /// The text of the queue that had this index; valid until the next Assign.
  std::string_view operator[](std::size_t index) const;

 private:
  std::string texts_;
  /// Where each text ends.
  std::vector<std::size_t> ends_;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_QUEUE_LABELS_H_
