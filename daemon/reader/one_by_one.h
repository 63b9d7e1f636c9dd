#ifndef DAEMON_READER_ONE_BY_ONE_H_
#define DAEMON_READER_ONE_BY_ONE_H_

#include <optional>
#include <span>
#include <vector>

#include "daemon/queue/look.h"
#include "daemon/queue/queue_ref.h"
#include "daemon/reader/cpu_budget.h"

namespace mqueue::reader {

/// A batch for a reader that goes from queue to queue: calls `look(queue, meter)` for each until the budget is spent.
template <typename LookAtOne>
std::vector<std::optional<Look>> LookOneByOne(std::span<const QueueRef> queues, CpuBudget& budget, LookAtOne look) {
  std::vector<std::optional<Look>> looks(queues.size());
  CpuMeter meter(budget);
  for (std::size_t i = 0; i < queues.size() && !meter.Spent(); ++i) looks[i] = look(queues[i], meter);
  return looks;
}

}  // namespace mqueue::reader

#endif  // DAEMON_READER_ONE_BY_ONE_H_
