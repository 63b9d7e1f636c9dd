#ifndef DAEMON_QUEUE_QUEUE_STATE_H_
#define DAEMON_QUEUE_QUEUE_STATE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/queue/look.h"
#include "daemon/queue/queue_policy.h"

namespace mqueue {

/// Where the age of a message comes from: the `age_source` label.
enum class AgeSource : std::uint8_t {
  kObserved,  ///< the daemon recognised the message from look to look: a lower bound
  kKernel,    ///< the kernel stored the enqueue time: exact to a tick
};

/// "observed" or "kernel".
std::string_view ToString(AgeSource source);

/// How long a message has been queued.
struct MessageAge {
  /// At the last look; never negative.
  std::chrono::nanoseconds age{};
  /// When it was queued, as Unix time. Steady for one message but for steps of the wall clock.
  std::chrono::nanoseconds timestamp{};

  bool operator==(const MessageAge&) const = default;
};

/// What is known of one queue after its last look: the look itself and what only history knows.
struct QueueState {
  WatchedQueue queue;
  Look look;
  /// Absent when the queue is empty, the look failed or nothing is known.
  std::optional<MessageAge> head;
  std::optional<MessageAge> oldest;
  AgeSource age_source = AgeSource::kObserved;
  /// How often the queue is read: the interval of its policy, or that of rounds where only a host snapshot shows it.
  std::chrono::milliseconds read_interval{};
};

/// How full an IPC namespace is, for one kind of queue.
struct NamespaceUsage {
  Ipc ipc = Ipc::kPosix;
  IpcNamespace ipc_namespace;
  /// Queues that exist, watched or not.
  std::uint64_t queues = 0;
  /// fs.mqueue.queues_max or kernel.msgmni; absent when it could not be read.
  std::optional<std::uint64_t> queues_limit;
};

/// A process that lives in an IPC namespace, to tell people which one it is.
struct NamespaceResident {
  IpcNamespace ipc_namespace;
  /// In the daemon's PID namespace.
  std::int32_t pid = 0;
  /// Any bytes: a process names itself.
  std::string comm;
  std::string cgroup;
};

}  // namespace mqueue

#endif  // DAEMON_QUEUE_QUEUE_STATE_H_
