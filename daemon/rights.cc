#include "daemon/rights.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace mqueue {
namespace {

using sandbox::Capability;

void Add(const std::optional<ReaderKind>& forced, Ipc ipc, sandbox::Rights& rights) {
  if (MayUse(ReaderKind::kBpf, forced, ipc)) rights.to_start.insert({Capability::kBpf, Capability::kPerfmon});
  // The other readers open a POSIX queue, whatever they then ask.
  if (ipc == Ipc::kPosix && forced != ReaderKind::kBpf) rights.to_look.insert(Capability::kDacReadSearch);
  if (ipc == Ipc::kSysv && MayUse(ReaderKind::kMsgCopy, forced, ipc)) rights.to_look.insert(Capability::kIpcOwner);
}

bool IsForAll(const QueueRule& rule, Ipc ipc) {
  return rule.syntax == QueueRule::Syntax::kGlob && rule.pattern == "*" && rule.ipc.value_or(ipc) == ipc;
}

void Add(const QueueRules& rules, Ipc ipc, sandbox::Rights& rights) {
  for (const QueueRule& rule : rules.rules) {
    if (!rule.exclude && rule.ipc.value_or(ipc) == ipc) Add(rule.policy->reader, ipc, rights);
    // No queue comes past it.
    if (IsForAll(rule, ipc)) return;
  }
  Add(rules.fallback->reader, ipc, rights);
}

}  // namespace

bool MayUse(ReaderKind reader, const std::optional<ReaderKind>& forced, Ipc ipc) {
  return !forced || !Serves(*forced, ipc) || *forced == reader;
}

sandbox::Rights RightsFor(const settings::Settings& settings) {
  // A port below 1024, and an mqueue file system where none is mounted: whether it takes these shows at start.
  sandbox::Rights rights{.to_start = {Capability::kNetBindService, Capability::kSysAdmin}, .to_look = {}};
  for (const Ipc ipc : {Ipc::kPosix, Ipc::kSysv}) Add(settings.queues, ipc, rights);
  return rights;
}

sandbox::Capabilities SmallestGrant(const Wanted& wanted, const sandbox::Capabilities& held, bool bpf_would_load) {
  const sandbox::Capabilities bpf{Capability::kBpf, Capability::kPerfmon};
  sandbox::Capabilities needed = wanted.strictly;
  if (!std::ranges::includes(wanted.strictly, wanted.loosely)) {
    sandbox::Capabilities others = bpf_would_load ? bpf : wanted.loosely;
    if (!bpf_would_load) std::erase_if(others, [&](Capability useless) { return bpf.contains(useless); });
    needed.merge(others);
  }
  sandbox::Capabilities grant;
  std::ranges::set_difference(needed, held, std::inserter(grant, grant.end()));
  return grant;
}

}  // namespace mqueue
