#ifndef DAEMON_BPF_HOST_WALKER_H_
#define DAEMON_BPF_HOST_WALKER_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "daemon/bpf/host_snapshot.h"
#include "daemon/bpf/queue_programs.h"
#include "daemon/queue/instant.h"
#include "daemon/queue/queue_ref.h"

namespace mqueue::bpf {

/// Takes host snapshots: walks over all queues until two walks in a row agree on each of them (agreement.h), or a few
/// times. Thread-safe; keeps no snapshot.
class HostWalker {
 public:
  /// `own` is the daemon's IPC namespace; its queues have the same references as discovery gives them.
  HostWalker(QueuePrograms programs, IpcNamespace own, std::string procfs, Clock clock);

  /// Takes a host snapshot. Of the own namespace only, unless `all`. If the deadline passes before one walk is done,
  /// returns WalkEnd::kDeadline; if it passes later, what was read until then. Returns within a few milliseconds of the
  /// deadline.
  WalkResult<std::shared_ptr<const HostSnapshot>> Take(bool all, std::chrono::steady_clock::time_point deadline);

  /// See QueuePrograms::LongestCallback().
  std::chrono::nanoseconds LongestCallback() const;

 private:
  // What tells the queues of two walks apart without its name: the kernel's address, which may be used again, and its
  // id.
  using WalkKey = std::pair<std::uint64_t, std::uint64_t>;

  WalkResult<HostSnapshot> TakeUnlocked(bool all, std::chrono::steady_clock::time_point deadline);
  void Add(const Walk& walk, const Instant& now, std::chrono::nanoseconds read_by, HostSnapshot& host) const;
  bool Merge(const Walk& before, const Walk& walk, const Instant& now, std::chrono::nanoseconds read_by,
             HostSnapshot& host, std::set<WalkKey>& settled) const;
  void KeepOnly(const Walk& walk, HostSnapshot& host) const;
  void Describe(const Walk& walk, HostSnapshot& host) const;
  QueueRef RefOf(const Walk& walk, const WalkedQueue& queue) const;
  IpcNamespace NamespaceOf(const Space& space) const;

  mutable std::mutex walking_;
  QueuePrograms programs_;
  const IpcNamespace own_;
  const std::string procfs_;
  const Clock clock_;
};

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_HOST_WALKER_H_
