#include "daemon/host_options.h"

#include <optional>

#include "daemon/rights.h"

namespace mqueue {

pipeline::HostOptions HostOptionsFor(const settings::Flags& flags, const settings::Settings& settings) {
  pipeline::HostOptions options{.mqueuefs = flags.mqueuefs,
                                .procfs = flags.procfs,
                                .forced = {},
                                .load_bpf = RightsFor(settings).to_start.contains(sandbox::Capability::kBpf)};
  const auto add = [&options](const std::optional<ReaderKind>& reader) {
    if (reader) options.forced.push_back(*reader);
  };
  add(settings.queues.fallback->reader);
  for (const QueueRule& rule : settings.queues.rules) add(rule.policy->reader);
  return options;
}

}  // namespace mqueue
