#ifndef DAEMON_CONFINEMENT_CAPABILITY_PLAN_H_
#define DAEMON_CONFINEMENT_CAPABILITY_PLAN_H_

#include <span>

#include "daemon/confinement/capability.h"
#include "daemon/confinement/reader_needs.h"
#include "daemon/queue/queue_rule.h"

namespace mqueue::confinement {

/// The capabilities that a configuration needs, and for how long. Without any of them the daemon sees its own queues
/// and those that everybody may read.
struct CapabilityPlan {
  /// Until the daemon has started: to load, mount and bind.
  Capabilities to_start;
  /// As long as it runs.
  Capabilities to_read;
};

/// What the readers that `rules` permit need, and what any start may need.
CapabilityPlan PlanFor(const QueueRules& rules, std::span<const ReaderNeeds> readers);

}  // namespace mqueue::confinement

#endif  // DAEMON_CONFINEMENT_CAPABILITY_PLAN_H_
