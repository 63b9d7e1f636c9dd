#include "daemon/confinement/capability_plan.h"

#include "daemon/queue/queue_policy.h"

namespace mqueue::confinement {
namespace {

void Add(const QueuePolicy& policy, Ipc ipc, std::span<const ReaderNeeds> readers, CapabilityPlan& plan) {
  for (const ReaderNeeds& reader : readers) {
    if (!Permits(policy, reader.kind, ipc)) continue;
    plan.to_start.insert(reader.to_start.begin(), reader.to_start.end());
    plan.to_read.insert(reader.to_read.begin(), reader.to_read.end());
  }
}

bool IsForAll(const QueueRule& rule, Ipc ipc) {
  return rule.syntax == QueueRule::Syntax::kGlob && rule.pattern == "*" && rule.ipc.value_or(ipc) == ipc;
}

void Add(const QueueRules& rules, Ipc ipc, std::span<const ReaderNeeds> readers, CapabilityPlan& plan) {
  for (const QueueRule& rule : rules.rules) {
    if (!rule.exclude && rule.ipc.value_or(ipc) == ipc) Add(*rule.policy, ipc, readers, plan);
    // A catch-all rule: later rules are unreachable.
    if (IsForAll(rule, ipc)) return;
  }
  Add(*rules.fallback, ipc, readers, plan);
}

}  // namespace

CapabilityPlan PlanFor(const QueueRules& rules, std::span<const ReaderNeeds> readers) {
  // For a port below 1024, and to mount an mqueue file system. Whether these are needed is known after the start.
  CapabilityPlan plan{.to_start = {Capability::kNetBindService, Capability::kSysAdmin}, .to_read = {}};
  for (const Ipc ipc : {Ipc::kPosix, Ipc::kSysv}) Add(rules, ipc, readers, plan);
  return plan;
}

}  // namespace mqueue::confinement
