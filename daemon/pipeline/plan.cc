#include "daemon/pipeline/plan.h"

#include <algorithm>
#include <utility>

#include "daemon/reader/catalogue.h"

namespace mqueue::pipeline {
namespace {

// Long for any host: short enough that a round which hangs is abandoned before readiness fails.
constexpr std::chrono::milliseconds kLeastPatience{10'000};

std::chrono::milliseconds ShortestInterval(const QueueRules& rules) {
  auto shortest = rules.fallback->interval;
  for (const QueueRule& rule : rules.rules) {
    if (!rule.exclude) shortest = std::min(shortest, rule.policy->interval);
  }
  return shortest;
}

}  // namespace

Plan MakePlan(const Host& host, const settings::Settings& settings, const Clock& clock) {
  const reader::ReaderOptions options{.fcntl_max_messages = settings.peek.max_messages.fcntl,
                                      .syscall_max_messages = settings.peek.max_messages.syscall,
                                      .msg_copy_max_messages = settings.peek.max_messages.msg_copy,
                                      .digest = host.digest};
  const auto period = settings.queues.fallback->interval;
  const auto patience = std::max(period, kLeastPatience);
  discovery::Sources sources{.directory = host.mqueue_directory ? *host.mqueue_directory : nullptr,
                             .walker = host.walker ? *host.walker : nullptr,
                             .all_namespaces = settings.namespaces == settings::Namespaces::kAll,
                             .procfs = host.procfs,
                             // Leaves time for the rest of discovery, so that a walk that is given up says so itself.
                             .walk_time = patience * 4 / 5};
  const auto discovery =
      std::make_shared<const discovery::Discovery>(host.ipc_namespace, std::move(sources), settings.queues);
  return {.discover = [discovery] { return discovery->Discover(); },
          .ladder = std::make_shared<const reader::Ladder>(reader::MakeReaders(
              host.readers, {.directory = host.mqueue_directory, .options = options, .clock = clock})),
          .period = period,
          .look_interval = ShortestInterval(settings.queues),
          .patience = patience,
          .cpu_budget = settings.peek.cpu_budget,
          .settings = {.max_queues = settings.limits.max_queues,
                       .exact_priorities = settings.exact_priorities.enabled,
                       .max_priorities = settings.exact_priorities.max}};
}

}  // namespace mqueue::pipeline
