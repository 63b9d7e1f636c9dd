#ifndef DAEMON_METRICS_NAMESPACE_FAMILIES_H_
#define DAEMON_METRICS_NAMESPACE_FAMILIES_H_

#include <cstdint>
#include <span>
#include <string>

#include "daemon/metrics/exposition_writer.h"
#include "daemon/metrics/queue_limit.h"
#include "daemon/queue/queue_ref.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::metrics {

/// A process that lives in an IPC namespace, to tell people which one it is.
struct NamespaceResident {
  IpcNamespace ipc_namespace;
  std::int32_t pid = 0;
  /// Any bytes: a process names itself.
  std::string comm;
  std::string cgroup;
};

/// mqueue_other_queues, mqueue_other_messages and mqueue_other_bytes: what limits.max_queues left without own series.
void WriteOtherQueues(std::span<const OtherQueues> others, ExpositionWriter& writer);

/// mqueue_namespace_queues and mqueue_namespace_queues_limit; the limit only where it is known.
void WriteNamespaceUsages(std::span<const NamespaceUsage> usages, ExpositionWriter& writer);

/// mqueue_namespace_info.
void WriteNamespaceResidents(std::span<const NamespaceResident> residents, ExpositionWriter& writer);

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_NAMESPACE_FAMILIES_H_
