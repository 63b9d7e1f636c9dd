#ifndef DAEMON_WIRING_H_
#define DAEMON_WIRING_H_

#include <string>
#include <vector>

#include "daemon/confinement/capability_plan.h"
#include "daemon/confinement/sandbox.h"
#include "daemon/pipeline/host.h"
#include "daemon/settings/flags.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// The capabilities that this configuration needs.
confinement::CapabilityPlan CapabilityPlanFor(const settings::Settings& settings);

/// What pipeline::FindHost has to probe for this command line and configuration.
pipeline::HostOptions HostOptionsFor(const settings::Flags& flags, const settings::Settings& settings);

/// What the sandbox must leave possible so that the queues of `host` can be read. `files` are those that are read again
/// later. The open directory in the result belongs to `host`.
confinement::SandboxNeeds SandboxNeedsFor(const pipeline::Host& host, std::vector<std::string> files);

}  // namespace mqueue

#endif  // DAEMON_WIRING_H_
