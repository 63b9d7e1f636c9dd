#include "daemon/plan.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "daemon/bpf/queue_programs.h"
#include "daemon/os/clock.h"
#include "daemon/os/posix_queue.h"
#include "daemon/os/probe_queue.h"
#include "daemon/os/proc.h"
#include "daemon/rights.h"

namespace mqueue {
namespace {

// Long for any host: short enough that a round which hangs is abandoned before readiness fails.
constexpr std::chrono::milliseconds kLeastPatience{10'000};

constexpr char kKernelTypes[] = "/sys/kernel/btf/vmlinux";

std::chrono::milliseconds ShortestInterval(const QueueRules& rules) {
  auto shortest = rules.fallback->interval;
  for (const QueueRule& rule : rules.rules) {
    if (!rule.exclude) shortest = std::min(shortest, rule.policy->interval);
  }
  return shortest;
}

std::vector<ReaderKind> ForcedReaders(const QueueRules& rules) {
  std::vector<ReaderKind> forced;
  const auto add = [&forced](const std::optional<ReaderKind>& reader) {
    if (reader) forced.push_back(*reader);
  };
  add(rules.fallback->reader);
  for (const QueueRule& rule : rules.rules) add(rule.policy->reader);
  return forced;
}

reader::CensusResult StartCensus(const IpcNamespace& own, const std::string& procfs,
                                 const settings::Settings& settings) {
  if (!RightsFor(settings).to_start.contains(sandbox::Capability::kBpf)) {
    return std::unexpected(os::Error{0, "the configuration has no use for it"});
  }
  auto programs = bpf::QueuePrograms::Load(procfs);
  if (!programs) return std::unexpected(programs.error());
  return std::make_shared<bpf::Census>(*std::move(programs), own, procfs, os::Now);
}

struct FoundDirectory {
  reader::DirectoryResult directory;
  std::string unchecked;
};

FoundDirectory FindDirectory(const std::string& mqueuefs, const std::string& procfs) {
  if (!os::KernelHasPosixQueues()) {
    return {.directory = std::unexpected(os::Error{ENOSYS, "the kernel lacks CONFIG_POSIX_MQUEUE"}), .unchecked = ""};
  }
  const auto probe = os::ProbeQueue::Make();
  const auto device = probe ? probe->Device() : std::unexpected(probe.error());
  if (device) return {.directory = discovery::FindMqueueDirectory(mqueuefs, procfs, *device), .unchecked = ""};
  return {.directory = discovery::FindMqueueDirectory(mqueuefs, procfs, std::nullopt),
          .unchecked = device.error().message};
}

}  // namespace

Host FindHost(const std::string& mqueuefs, const std::string& procfs, const settings::Settings& settings) {
  // Without /proc the namespace has no number, and no other namespace can be mistaken for it.
  const auto own = os::OwnIpcNamespace(procfs).value_or(IpcNamespace{});
  auto [directory, unchecked_directory] = FindDirectory(mqueuefs, procfs);
  auto census = StartCensus(own, procfs, settings);
  auto readers = reader::ProbeReaders(directory, {.kernel_functions = {kKernelTypes, procfs + "/kallsyms"},
                                                  .forced = ForcedReaders(settings.queues),
                                                  .census = census});
  return {.ipc_namespace = own,
          .mqueue_directory = std::move(directory),
          .unchecked_directory = std::move(unchecked_directory),
          .census = std::move(census),
          .readers = std::move(readers),
          .digest = {},
          .procfs = procfs};
}

bool HasReaderBeside(const Host& host, ReaderKind reader) {
  const Ipc ipc = Serves(reader, Ipc::kPosix) ? Ipc::kPosix : Ipc::kSysv;
  return std::ranges::any_of(host.readers, [&](const reader::Support& support) {
    return support.supported && support.reader != reader && Serves(support.reader, ipc);
  });
}

schedule::Plan MakePlan(const Host& host, const settings::Settings& settings) {
  const auto census = host.census ? *host.census : nullptr;
  const reader::ReaderOptions options{.fcntl_max_messages = settings.peek.max_messages.fcntl,
                                      .syscall_max_messages = settings.peek.max_messages.syscall,
                                      .msg_copy_max_messages = settings.peek.max_messages.msg_copy,
                                      .digest = host.digest,
                                      .census = census};
  const auto patience = std::max(ShortestInterval(settings.queues), kLeastPatience);
  discovery::Sources sources{.directory = host.mqueue_directory ? *host.mqueue_directory : nullptr,
                             .census = census,
                             .all_namespaces = settings.namespaces == settings::Namespaces::kAll,
                             .procfs = host.procfs,
                             // Leaves time for the rest of discovery, so that a walk that is given up says so itself.
                             .census_time = patience * 4 / 5};
  const auto discovery =
      std::make_shared<const discovery::Discovery>(host.ipc_namespace, std::move(sources), settings.queues);
  return {.discover = [discovery] { return discovery->Discover(); },
          .ladder = std::make_shared<const reader::Ladder>(
              reader::MakeReaders(host.readers, host.mqueue_directory, options, os::Now)),
          .tick = ShortestInterval(settings.queues),
          .patience = patience,
          .cpu_budget = settings.peek.cpu_budget,
          .settings = {.max_queues = settings.limits.max_queues,
                       .exact_priorities = settings.exact_priorities.enabled,
                       .max_priorities = settings.exact_priorities.max}};
}

}  // namespace mqueue
