#include "daemon/plan.h"

#include <algorithm>
#include <memory>

#include "daemon/os/clock.h"
#include "daemon/os/proc.h"

namespace mqueue {
namespace {

std::chrono::milliseconds ShortestInterval(const QueueRules& rules) {
  auto shortest = rules.fallback->interval;
  for (const QueueRule& rule : rules.rules) {
    if (!rule.exclude) shortest = std::min(shortest, rule.policy->interval);
  }
  return shortest;
}

}  // namespace

Host FindHost(const std::string& mqueuefs, const std::string& procfs) {
  auto directory = discovery::FindMqueueDirectory(mqueuefs, procfs);
  auto readers = reader::ProbeReaders(directory);
  // Without /proc the namespace has no number, and no other namespace can be mistaken for it.
  return {.ipc_namespace = os::OwnIpcNamespace(procfs).value_or(IpcNamespace{}),
          .mqueue_directory = std::move(directory),
          .readers = std::move(readers),
          .procfs = procfs};
}

schedule::Plan MakePlan(const Host& host, const settings::Settings& settings) {
  const reader::ReaderOptions options{.msg_copy_max_messages = settings.peek.max_messages.msg_copy};
  auto directory = host.mqueue_directory ? *host.mqueue_directory : nullptr;
  return {.discovery = std::make_shared<const discovery::Discovery>(host.ipc_namespace, std::move(directory),
                                                                    host.procfs, settings.queues),
          .ladder = std::make_shared<const reader::Ladder>(
              reader::MakeReaders(host.readers, host.mqueue_directory, options, os::Now)),
          .tick = ShortestInterval(settings.queues),
          .cpu_budget = settings.peek.cpu_budget};
}

metrics::ExpositionOptions MakeExpositionOptions(const settings::Settings& settings) {
  return {.max_queues = settings.limits.max_queues,
          .series = {.exact_priorities = settings.exact_priorities.enabled,
                     .max_priorities = settings.exact_priorities.max}};
}

}  // namespace mqueue
