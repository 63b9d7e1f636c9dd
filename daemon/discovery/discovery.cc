#include "daemon/discovery/discovery.h"

#include <cerrno>
#include <utility>

#include "daemon/os/proc.h"
#include "daemon/os/sysv_queue.h"

namespace mqueue::discovery {
namespace {

using DirectoryResult = os::Result<std::shared_ptr<const os::MqueueDirectory>>;

DirectoryResult Share(os::Result<os::MqueueDirectory> directory) {
  if (!directory) return std::unexpected(directory.error());
  return std::make_shared<const os::MqueueDirectory>(*std::move(directory));
}

DirectoryResult MountDetached() {
  auto directory = Share(os::MqueueDirectory::MountDetached());
  if (!directory) {
    directory.error().message +=
        "; mount one (mount -t mqueue none /dev/mqueue) or grant CAP_SYS_ADMIN for a detached one";
  }
  return directory;
}

}  // namespace

DirectoryResult FindMqueueDirectory(const std::string& path, const std::string& procfs) {
  if (!path.empty()) return Share(os::MqueueDirectory::OpenMounted(path));
  const auto mounted = os::MqueueMountPoints(procfs);
  if (mounted && !mounted->empty()) return Share(os::MqueueDirectory::OpenMounted(mounted->front()));
  return MountDetached();
}

Discovery::Discovery(IpcNamespace own_namespace, Sources sources, QueueRules rules)
    : own_namespace_(own_namespace), sources_(std::move(sources)), matcher_(std::move(rules)) {}

Discovered Discovery::Discover() const {
  Discovered found;
  if (sources_.census && TakeCensus(found)) return found;
  if (sources_.directory) DiscoverPosix(found);
  DiscoverSysv(found);
  return found;
}

// False when it did not work this time: the own namespace can be listed in another way.
bool Discovery::TakeCensus(Discovered& found) const {
  const auto picture = sources_.census->Take(sources_.all_namespaces);
  if (!picture) {
    found.errors.push_back(picture.error());
    return false;
  }
  found.usage = (*picture)->usage;
  found.residents = (*picture)->residents;
  for (const auto& [queue, snapshot] : (*picture)->queues) Add(queue, found);
  return true;
}

void Discovery::DiscoverPosix(Discovered& found) const {
  auto entries = sources_.directory->List();
  if (!entries) {
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
