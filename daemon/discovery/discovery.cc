#include "daemon/discovery/discovery.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/os/proc.h"
#include "daemon/os/sysv_queue.h"

namespace mqueue::discovery {
namespace {

using DirectoryResult = os::Result<std::shared_ptr<const os::MqueueDirectory>>;

DirectoryResult Share(os::Result<os::MqueueDirectory> directory) {
  if (!directory) return std::unexpected(directory.error());
  return std::make_shared<const os::MqueueDirectory>(*std::move(directory));
}

// The messages have no numbers: the log tells each once.
void AddLeftOut(const bpf::LeftOut& left_out, Discovered& found) {
  found.beyond_walk = left_out.namespaces + left_out.queues;
  if (found.beyond_walk > 0) {
    found.errors.push_back(
        {0,
         "the host has more queues, or more IPC namespaces with queues, than eBPF reads in one round; "
         "mqueue_exporter_queues_skipped{reason=\"walk_limit\"} counts those that are not shown"});
  }
  if (left_out.cut > 0) {
    found.errors.push_back({0,
                            "some queues have more messages than eBPF reads in one round; they are shown without "
                            "histogram and head"});
  }
}

// Where systemd and the C library's manual mount it.
constexpr char kUsualMountPoint[] = "/dev/mqueue";

// The first mount that is an mqueue file system of this namespace.
DirectoryResult OpenFirst(const std::vector<std::string>& points, std::optional<std::uint64_t> device) {
  DirectoryResult directory = std::unexpected(os::Error{ENOENT, "no mqueue file system is mounted"});
  for (const std::string& point : points) {
    directory = Share(os::MqueueDirectory::OpenMounted(point, device));
    if (directory) break;
  }
  return directory;
}

// Why no mqueue file system is found and what to do; sandboxed, the daemon may be unable to open one that is there.
std::string Explain(const os::Error& error, const os::MqueueDirectory::Awaited& awaited) {
  const bool sandboxed = error.code == EACCES;
  return (sandboxed ? awaited.reason : error.message) +
         "; mount one of the exporter's IPC namespace (mount -t mqueue none " + awaited.path +
         "), or grant CAP_SYS_ADMIN at start for a detached one" +
         (sandboxed ? "; then restart the exporter, whose sandbox cannot open what is mounted later" : "");
}

}  // namespace

std::shared_ptr<const os::MqueueDirectory> FindMqueueDirectory(const std::string& path, const std::string& procfs,
                                                               std::optional<std::uint64_t> device) {
  const auto points = path.empty() ? os::MqueueMountPoints(procfs).value_or(std::vector<std::string>{})
                                   : std::vector<std::string>{path};
  const auto mounted = OpenFirst(points, device);
  if (mounted) return *mounted;
  if (path.empty()) {
    if (auto detached = Share(os::MqueueDirectory::MountDetached())) return *std::move(detached);
  }
  return std::make_shared<const os::MqueueDirectory>(
      os::MqueueDirectory::Await({.path = points.empty() ? kUsualMountPoint : points.front(),
                                  .device = device,
                                  .reason = mounted.error().message}));
}

Discovery::Discovery(IpcNamespace own_namespace, Sources sources, QueueRules rules)
    : own_namespace_(own_namespace), sources_(std::move(sources)), matcher_(std::move(rules)) {}

Discovered Discovery::Discover() const {
  Discovered found;
  if (sources_.walker && TakeHostSnapshot(found)) return found;
  if (sources_.directory) DiscoverPosix(found);
  DiscoverSysv(found);
  std::ranges::sort(found.queues, {}, &WatchedQueue::ref);
  return found;
}

// False when it did not work this time: the own namespace can be listed in another way.
bool Discovery::TakeHostSnapshot(Discovered& found) const {
  const auto taken =
      sources_.walker->Take(sources_.all_namespaces, std::chrono::steady_clock::now() + sources_.walk_time);
  if (!taken) {
    found.errors.push_back(taken.error().error);
    if (taken.error().end == bpf::WalkEnd::kFailed) return false;
    // What was known of the other namespaces is better than the own namespace alone.
    found.abandoned = AbandonReason::kDiscovery;
    return true;
  }
  const bpf::HostSnapshot& host = **taken;
  found.usage = host.usage;
  found.residents = host.residents;
  AddLeftOut(host.left_out, found);
  for (const auto& [queue, snapshot] : host.queues) Add(queue, found);
  found.host_snapshot = *taken;
  return true;
}

void Discovery::DiscoverPosix(Discovered& found) const {
  auto entries = sources_.directory->List();
  if (!entries) {
    const auto awaited = sources_.directory->awaited();
    if (awaited) entries.error().message = Explain(entries.error(), *awaited);
    found.errors.push_back(std::move(entries.error()));
    return;
  }
  found.usage.push_back({.ipc = Ipc::kPosix,
                         .ipc_namespace = own_namespace_,
                         .queues = entries->size(),
                         .queues_limit = os::ReadNumber(sources_.procfs + "/sys/fs/mqueue/queues_max")});
  for (const auto& entry : *entries) {
    Add({.ipc = Ipc::kPosix, .ipc_namespace = own_namespace_, .name = "/" + entry.name, .id = entry.inode}, found);
  }
}

void Discovery::DiscoverSysv(Discovered& found) const {
  auto info = os::GetSysvInfo();
  if (!info) {
    // A kernel without SysV queues has none to list.
    if (info.error().code != ENOSYS) found.errors.push_back(std::move(info.error()));
    return;
  }
  found.usage.push_back(
      {.ipc = Ipc::kSysv, .ipc_namespace = own_namespace_, .queues = info->queues, .queues_limit = info->queues_limit});
  for (int slot = 0; slot <= info->highest_slot; ++slot) {
    const auto status = os::StatSlot(slot);
    if (!status) continue;
    const auto msqid = static_cast<std::uint64_t>(status->msqid);
    Add({.ipc = Ipc::kSysv, .ipc_namespace = own_namespace_, .name = SysvQueueName(status->key, msqid), .id = msqid},
        found);
  }
}

void Discovery::Add(QueueRef queue, Discovered& found) const {
  if (auto policy = matcher_.PolicyOf(queue)) {
    found.queues.push_back({.ref = std::move(queue), .policy = std::move(policy)});
  } else {
    ++found.excluded;
  }
}

}  // namespace mqueue::discovery
