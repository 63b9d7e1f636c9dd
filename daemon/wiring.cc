#include "daemon/wiring.h"

#include <optional>
#include <utility>

#include "daemon/reader/catalogue.h"

namespace mqueue {

confinement::CapabilityPlan CapabilityPlanFor(const settings::Settings& settings) {
  return confinement::PlanFor(settings.queues, reader::NeedsOf());
}

pipeline::HostOptions HostOptionsFor(const settings::Flags& flags, const settings::Settings& settings) {
  pipeline::HostOptions options{
      .mqueuefs = flags.mqueuefs,
      .procfs = flags.procfs,
      .forced = {},
      .load_bpf = CapabilityPlanFor(settings).to_start.contains(confinement::Capability::kBpf)};
  const auto add = [&options](const std::optional<ReaderKind>& reader) {
    if (reader) options.forced.push_back(*reader);
  };
  add(settings.queues.fallback->reader);
  for (const QueueRule& rule : settings.queues.rules) add(rule.policy->reader);
  return options;
}

confinement::SandboxNeeds SandboxNeedsFor(const pipeline::Host& host, std::vector<std::string> files) {
  confinement::SandboxNeeds needs{.directories = {host.procfs}, .files = std::move(files)};
  if (host.mqueue_directory) {
    const auto& directory = **host.mqueue_directory;
    if (const auto awaited = directory.awaited()) {
      needs.awaited_mount = awaited->path;
    } else {
      needs.open_directories.push_back(directory.descriptor());
    }
  }
  for (const confinement::ReaderNeeds& reader : reader::NeedsOf()) {
    if (!reader::IsSupported(host.readers, reader.kind)) continue;
    needs.calls.insert(needs.calls.end(), reader.calls.begin(), reader.calls.end());
  }
  return needs;
}

}  // namespace mqueue
