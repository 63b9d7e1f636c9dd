#include "daemon/bpf/census.h"

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

// Whether the walk before saw the same; a queue that is new in this one has nothing to agree with yet.
bool IsSettled(const WalkedQueue& queue, const std::unordered_map<std::uint64_t, const WalkedQueue*>& before) {
  const auto earlier = before.find(queue.record.address);
  return earlier != before.end() && Agree(*earlier->second, queue);
}

}  // namespace

Census::Census(QueuePrograms programs, IpcNamespace own, std::string procfs, Clock clock)
    : programs_(std::move(programs)), own_(own), procfs_(std::move(procfs)), clock_(std::move(clock)) {}

os::Result<std::shared_ptr<const Picture>> Census::Take(bool all) {
  const std::lock_guard walking(walking_);
  const auto began = os::ThreadCpuTime();
  auto taken = TakePicture(all);
  const std::lock_guard lock(latest_mutex_);
  cost_ += os::ThreadCpuTime() - began;
  if (!taken) {
    latest_.reset();
    return std::unexpected(taken.error());
  }
  latest_ = std::make_shared<const Picture>(*std::move(taken));
  return latest_;
}

std::shared_ptr<const Picture> Census::Latest() const {
  const std::lock_guard lock(latest_mutex_);
  return latest_;
}

std::chrono::nanoseconds Census::TakeCost() {
  const std::lock_guard lock(latest_mutex_);
  return std::exchange(cost_, {});
}

std::chrono::nanoseconds Census::LongestCallback() const {
  const std::lock_guard lock(walking_);
  return programs_.LongestCallback();
}

os::Result<Picture> Census::TakePicture(bool all) {
  const std::uint64_t only = all ? 0 : own_.inode;
  Picture picture;
  std::set<QueueRef> settled;
  auto before = programs_.WalkQueues(only);
  if (!before) return std::unexpected(before.error());
  for (int walks = 2;; ++walks) {
    const Instant now = clock_();
    auto walk = programs_.WalkQueues(only);
    if (!walk) return std::unexpected(walk.error());
    const auto read_by = clock_().boottime;
    const auto earlier = ByAddress(*before);
    bool all_settled = walk->whole;
    for (const WalkedQueue& queue : walk->queues) {
      const QueueRef ref = RefOf(*walk, queue);
      if (settled.contains(ref)) continue;
      const bool agreed = IsSettled(queue, earlier);
      const Space& space = walk->spaces[queue.record.space];
      QueueSnapshot& snapshot = picture.queues[ref];
      snapshot = agreed ? SettledSnapshot(queue, space, now) : RestlessSnapshot(queue, space, now);
      snapshot.read_by = read_by;
      if (agreed) settled.insert(ref);
      all_settled = all_settled && agreed;
    }
    if (all_settled || walks == kWalks) {
      if (walk->whole) KeepOnly(*walk, picture);
      Describe(*walk, picture);
      return picture;
    }
    before = std::move(walk);
  }
}

// What the last walk did not meet any more is gone.
void Census::KeepOnly(const Walk& walk, Picture& picture) const {
  std::set<QueueRef> met;
  for (const WalkedQueue& queue : walk.queues) met.insert(RefOf(walk, queue));
  std::erase_if(picture.queues, [&](const auto& entry) { return !met.contains(entry.first); });
}

void Census::Describe(const Walk& walk, Picture& picture) const {
  // The kernel's own number includes queues that are unlinked and still open, which no other reader can count.
  std::map<IpcNamespace, std::uint64_t> posix_names;
  for (const auto& [queue, snapshot] : picture.queues) posix_names[queue.ipc_namespace] += queue.ipc == Ipc::kPosix;
  for (const Space& space : walk.spaces) {
    const IpcNamespace name = NamespaceOf(space);
    if (name != own_ && space.posix_queues == 0 && space.sysv_queues == 0) continue;
    picture.usage.push_back({.ipc = Ipc::kPosix,
                             .ipc_namespace = name,
                             .queues = posix_names[name],
                             .queues_limit = space.posix_queues_limit});
    picture.usage.push_back({.ipc = Ipc::kSysv,
                             .ipc_namespace = name,
                             .queues = space.sysv_queues,
                             .queues_limit = space.sysv_queues_limit});
    picture.residents.push_back(
        {.ipc_namespace = name, .pid = space.pid, .comm = space.comm, .cgroup = os::CgroupOf(procfs_, space.pid)});
  }
}

QueueRef Census::RefOf(const Walk& walk, const WalkedQueue& queue) const {
  const bool posix = queue.record.kind == kBpfPosix;
  return {.ipc = posix ? Ipc::kPosix : Ipc::kSysv,
          .ipc_namespace = NamespaceOf(walk.spaces[queue.record.space]),
          .name = posix ? "/" + queue.name : SysvQueueName(queue.record.key, queue.record.id),
          .id = queue.record.id};
}

IpcNamespace Census::NamespaceOf(const Space& space) const {
  return space.ipc_namespace.inode == own_.inode ? own_ : space.ipc_namespace;
}

}  // namespace mqueue::bpf
