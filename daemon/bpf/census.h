#ifndef DAEMON_BPF_CENSUS_H_
#define DAEMON_BPF_CENSUS_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "daemon/bpf/queue_programs.h"
#include "daemon/os/error.h"
#include "daemon/queue/instant.h"
#include "daemon/queue/queue_ref.h"
#include "daemon/queue/queue_snapshot.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::bpf {

/// Every queue of the host at one time.
struct Picture {
  /// Namespaces that have a queue, and the daemon's own.
  std::vector<NamespaceUsage> usage;
  /// One for each namespace of `usage`.
  std::vector<NamespaceResident> residents;
  /// What was seen of each queue; of an inconsistent one, what single reads tell.
  std::map<QueueRef, QueueSnapshot> queues;
  /// What is not in it, or not in full, because a walk reached a limit.
  LeftOut left_out;
  /// True if the deadline passed after the first walk: no queue's messages, or not all of them, could be compared.
  bool hurried = false;
};

/// Takes pictures: walks over all queues until two walks in a row agree on each of them (agreement.h), or a few times.
/// Thread-safe.
class Census {
 public:
  /// `own` is the daemon's IPC namespace; its queues have the same references as discovery gives them.
  Census(QueuePrograms programs, IpcNamespace own, std::string procfs, Clock clock);

  /// Takes a picture, which Latest() then returns until the next one. Of the own namespace only, unless `all`. If the
  /// deadline passes before one walk is done, returns WalkEnd::kDeadline; if it passes later, what was read until then.
  /// Returns within a few milliseconds of the deadline. On failure Latest() is null.
  WalkResult<std::shared_ptr<const Picture>> Take(bool all, std::chrono::steady_clock::time_point deadline);

  /// The last picture; null before the first one.
  std::shared_ptr<const Picture> Latest() const;

  /// The CPU time that pictures took since this was asked last.
  std::chrono::nanoseconds TakeCost();

  /// See QueuePrograms::LongestCallback().
  std::chrono::nanoseconds LongestCallback() const;

 private:
  WalkResult<Picture> TakePicture(bool all, std::chrono::steady_clock::time_point deadline);
  void Add(const Walk& walk, const Instant& now, std::chrono::nanoseconds read_by, Picture& picture) const;
  bool Merge(const Walk& before, const Walk& walk, const Instant& now, std::chrono::nanoseconds read_by,
             Picture& picture, std::set<QueueRef>& settled) const;
  void KeepOnly(const Walk& walk, Picture& picture) const;
  void Describe(const Walk& walk, Picture& picture) const;
  QueueRef RefOf(const Walk& walk, const WalkedQueue& queue) const;
  IpcNamespace NamespaceOf(const Space& space) const;

  mutable std::mutex walking_;
  QueuePrograms programs_;
  const IpcNamespace own_;
  const std::string procfs_;
  const Clock clock_;

  mutable std::mutex latest_mutex_;
  std::shared_ptr<const Picture> latest_;
  std::chrono::nanoseconds cost_{};
};

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_CENSUS_H_
