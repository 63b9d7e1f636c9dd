#ifndef DAEMON_METRICS_NAMESPACE_FAMILIES_H_
#define DAEMON_METRICS_NAMESPACE_FAMILIES_H_

#include <span>

#include "daemon/metrics/exposition_writer.h"
#include "daemon/metrics/queue_limit.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::metrics {

/// mqueue_other_queues, mqueue_other_messages and mqueue_other_bytes: what limits.max_queues left without own series.
void WriteOtherQueues(std::span<const OtherQueues> others, ExpositionWriter& writer);

/// mqueue_namespace_queues and mqueue_namespace_queues_limit; the limit only where it is known.
void WriteNamespaceUsages(std::span<const NamespaceUsage> usages, ExpositionWriter& writer);

/// mqueue_namespace_info.
void WriteNamespaceResidents(std::span<const NamespaceResident> residents, ExpositionWriter& writer);

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_NAMESPACE_FAMILIES_H_
