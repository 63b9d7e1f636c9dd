#ifndef DAEMON_READER_ROUND_CONTEXT_H_
#define DAEMON_READER_ROUND_CONTEXT_H_

#include <chrono>
#include <memory>
#include <utility>

#include "daemon/bpf/host_snapshot.h"
#include "daemon/reader/cpu_budget.h"

namespace mqueue::reader {

/// What the looks of one round share. Thread-safe.
struct RoundContext {
  explicit RoundContext(std::chrono::nanoseconds cpu_time, std::shared_ptr<const bpf::HostSnapshot> snapshot = nullptr)
      : budget(cpu_time), host_snapshot(std::move(snapshot)) {}

  /// The CPU time that the looks may use.
  CpuBudget budget;
  /// The host snapshot that discovery took for this round; null if it took none.
  std::shared_ptr<const bpf::HostSnapshot> host_snapshot;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_ROUND_CONTEXT_H_
