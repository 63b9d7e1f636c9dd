#include "daemon/pipeline/host.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "daemon/bpf/queue_programs.h"
#include "daemon/discovery/discovery.h"
#include "daemon/os/clock.h"
#include "daemon/os/posix_queue.h"
#include "daemon/os/probe_queue.h"
#include "daemon/os/proc.h"
#include "daemon/reader/catalogue.h"

namespace mqueue::pipeline {
namespace {

constexpr char kKernelTypes[] = "/sys/kernel/btf/vmlinux";

reader::WalkerResult StartWalker(const IpcNamespace& own, const HostOptions& options) {
  if (!options.load_bpf) return std::unexpected(os::Error{0, "the configuration has no use for it"});
  auto programs = bpf::QueuePrograms::Load(options.procfs);
  if (!programs) return std::unexpected(programs.error());
  return std::make_shared<bpf::HostWalker>(*std::move(programs), own, options.procfs, os::Now);
}

struct FoundDirectory {
  reader::DirectoryResult directory;
  std::string unchecked;
};

FoundDirectory FindDirectory(const HostOptions& options) {
  if (!os::KernelHasPosixQueues()) {
    return {.directory = std::unexpected(os::Error{ENOSYS, "the kernel lacks CONFIG_POSIX_MQUEUE"}), .unchecked = ""};
  }
  const auto probe = os::ProbeQueue::Make();
  const auto device = probe ? probe->Device() : std::unexpected(probe.error());
  if (device) {
    return {.directory = discovery::FindMqueueDirectory(options.mqueuefs, options.procfs, *device), .unchecked = ""};
  }
  return {.directory = discovery::FindMqueueDirectory(options.mqueuefs, options.procfs, std::nullopt),
          .unchecked = device.error().message};
}

}  // namespace

Host FindHost(const HostOptions& options) {
  // Without /proc the namespace has no number, and no other namespace can be mistaken for it.
  const auto own = os::OwnIpcNamespace(options.procfs).value_or(IpcNamespace{});
  auto [directory, unchecked_directory] = FindDirectory(options);
  auto walker = StartWalker(own, options);
  auto readers = reader::ProbeReaders(
      directory,
      {.kernel_functions = {kKernelTypes, options.procfs + "/kallsyms"}, .forced = options.forced, .walker = walker});
  return {.ipc_namespace = own,
          .mqueue_directory = std::move(directory),
          .unchecked_directory = std::move(unchecked_directory),
          .walker = std::move(walker),
          .readers = std::move(readers),
          .digest = {},
          .procfs = options.procfs};
}

bool HasReaderBeside(const Host& host, ReaderKind reader) {
  const Ipc ipc = Serves(reader, Ipc::kPosix) ? Ipc::kPosix : Ipc::kSysv;
  return std::ranges::any_of(host.readers, [&](const reader::Support& support) {
    return support.supported && support.reader != reader && Serves(support.reader, ipc);
  });
}

}  // namespace mqueue::pipeline
