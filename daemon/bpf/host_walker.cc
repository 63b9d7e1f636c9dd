#include "daemon/bpf/host_walker.h"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "daemon/bpf/agreement.h"
#include "daemon/bpf/snapshots.h"
#include "daemon/os/clock.h"
#include "daemon/os/proc.h"

namespace mqueue::bpf {
namespace {

// A queue that changed during this many walks will change during the next too.
constexpr int kWalks = 4;

// The queues of a walk by the address of their kernel struct.
std::unordered_map<std::uint64_t, const WalkedQueue*> ByAddress(const Walk& walk) {
  std::unordered_map<std::uint64_t, const WalkedQueue*> queues;
  for (const WalkedQueue& queue : walk.queues) queues.emplace(queue.record.address, &queue);
  return queues;
}

bool WaitersAreKnown(const WalkedQueue& queue) {
  return queue.record.senders_known == 1 && queue.record.receivers_known == 1;
}

// Whether the walk before saw the same; a queue that is new in this one has nothing to agree with yet.
bool IsSettled(const WalkedQueue& queue, const std::unordered_map<std::uint64_t, const WalkedQueue*>& before) {
  const auto earlier = before.find(queue.record.address);
  return earlier != before.end() && Agree(*earlier->second, queue);
}

}  // namespace

HostWalker::HostWalker(QueuePrograms programs, IpcNamespace own, std::string procfs, Clock clock)
    : programs_(std::move(programs)), own_(own), procfs_(std::move(procfs)), clock_(std::move(clock)) {}

WalkResult<std::shared_ptr<const HostSnapshot>> HostWalker::Take(bool all,
                                                                 std::chrono::steady_clock::time_point deadline) {
  const std::lock_guard walking(walking_);
  auto taken = TakeUnlocked(all, deadline);
  if (!taken) return std::unexpected(taken.error());
  return std::make_shared<const HostSnapshot>(*std::move(taken));
}

std::chrono::nanoseconds HostWalker::LongestCallback() const {
  const std::lock_guard lock(walking_);
  return programs_.LongestCallback();
}

WalkResult<HostSnapshot> HostWalker::TakeUnlocked(bool all, std::chrono::steady_clock::time_point deadline) {
  const std::uint64_t only = all ? 0 : own_.inode;
  HostSnapshot host;
  std::set<WalkKey> settled;
  Instant before_began = clock_();
  auto before = programs_.WalkQueues(only, deadline);
  if (!before) return std::unexpected(before.error());
  auto before_read_by = clock_().boottime;
  bool all_settled = false;
  for (int walks = 2; walks <= kWalks && !all_settled; ++walks) {
    const Instant began = clock_();
    auto walk = programs_.WalkQueues(only, deadline);
    if (!walk) {
      if (walk.error().end != WalkEnd::kDeadline) return std::unexpected(walk.error());
      if (host.queues.empty()) Add(*before, before_began, before_read_by, host);
      host.hurried = true;
      break;
    }
    before_read_by = clock_().boottime;
    all_settled = Merge(*before, *walk, began, before_read_by, host, settled);
    before = std::move(walk);
    before_began = began;
  }
  if (before->whole) KeepOnly(*before, host);
  Describe(*before, host);
  return host;
}

// Adds each queue of a walk that has no other to be compared with.
void HostWalker::Add(const Walk& walk, const Instant& now, std::chrono::nanoseconds read_by, HostSnapshot& host) const {
  for (const WalkedQueue& queue : walk.queues) {
    QueueSnapshot& snapshot = host.queues[RefOf(walk, queue)];
    snapshot = RestlessSnapshot(queue, walk.spaces[queue.record.space], now);
    snapshot.read_by = read_by;
  }
}

// Adds what two walks in a row agree on to the host, and what they do not agree on where there was nothing better.
// `settled` are the queues that need no other walk. False if a further walk can do better.
bool HostWalker::Merge(const Walk& before, const Walk& walk, const Instant& now, std::chrono::nanoseconds read_by,
                       HostSnapshot& host, std::set<WalkKey>& settled) const {
  const auto earlier = ByAddress(before);
  bool all_settled = walk.whole;
  for (const WalkedQueue& queue : walk.queues) {
    const WalkKey key{queue.record.address, queue.record.id};
    if (settled.contains(key)) continue;
    const bool agreed = IsSettled(queue, earlier);
    const Space& space = walk.spaces[queue.record.space];
    QueueSnapshot& snapshot =
        host.queues.try_emplace(RefOf(walk, queue), QueueSnapshot{.inconsistent = true}).first->second;
    if (agreed || snapshot.inconsistent) {
      snapshot = agreed ? SettledSnapshot(queue, space, now) : RestlessSnapshot(queue, space, now);
      snapshot.read_by = read_by;
    }
    const bool settles = (agreed && WaitersAreKnown(queue)) || queue.record.cut == 1;
    if (settles) settled.insert(key);
    all_settled = all_settled && settles;
  }
  return all_settled;
}

// What the last walk did not meet any more is gone.
void HostWalker::KeepOnly(const Walk& walk, HostSnapshot& host) const {
  // It has added all that it met.
  if (host.queues.size() == walk.queues.size()) return;
  std::set<QueueRef> met;
  for (const WalkedQueue& queue : walk.queues) met.insert(RefOf(walk, queue));
  std::erase_if(host.queues, [&](const auto& entry) { return !met.contains(entry.first); });
}

void HostWalker::Describe(const Walk& walk, HostSnapshot& host) const {
  host.left_out = walk.left_out;
  // The kernel's own number includes queues that are unlinked and still open, which no other reader can count.
  std::map<IpcNamespace, std::uint64_t> posix_names;
  for (const auto& [queue, snapshot] : host.queues) posix_names[queue.ipc_namespace] += queue.ipc == Ipc::kPosix;
  for (const Space& space : walk.spaces) {
    const IpcNamespace name = NamespaceOf(space);
    if (name != own_ && space.posix_queues == 0 && space.sysv_queues == 0) continue;
    host.usage.push_back({.ipc = Ipc::kPosix,
                          .ipc_namespace = name,
                          .queues = posix_names[name],
                          .queues_limit = space.posix_queues_limit});
    host.usage.push_back({.ipc = Ipc::kSysv,
                          .ipc_namespace = name,
                          .queues = space.sysv_queues,
                          .queues_limit = space.sysv_queues_limit});
    // /proc shows the path as the daemon's cgroup namespace has it, and with hidepid=2 none.
    host.residents.push_back({.ipc_namespace = name,
                              .pid = space.pid,
                              .comm = space.comm,
                              .cgroup = space.cgroup.empty() ? os::CgroupOf(procfs_, space.pid) : space.cgroup});
  }
}

QueueRef HostWalker::RefOf(const Walk& walk, const WalkedQueue& queue) const {
  const bool posix = queue.record.kind == kBpfPosix;
  return {.ipc = posix ? Ipc::kPosix : Ipc::kSysv,
          .ipc_namespace = NamespaceOf(walk.spaces[queue.record.space]),
          .name = posix ? "/" + queue.name : SysvQueueName(queue.record.key, queue.record.id),
          .id = queue.record.id};
}

IpcNamespace HostWalker::NamespaceOf(const Space& space) const {
  return space.ipc_namespace.inode == own_.inode ? own_ : space.ipc_namespace;
}

}  // namespace mqueue::bpf
