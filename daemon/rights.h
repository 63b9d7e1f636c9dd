#ifndef DAEMON_RIGHTS_H_
#define DAEMON_RIGHTS_H_

#include <optional>

#include "daemon/queue/queue_policy.h"
#include "daemon/sandbox/privileges.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// What the configuration has a use for. Without any of it the daemon sees its own queues and those that everybody may
/// read.
sandbox::Rights RightsFor(const settings::Settings& settings);

/// Whether the reader may serve a queue of that kind whose policy asks for `forced`, if for any. A reader that is
/// forced on a queue which it does not serve is as if it were not forced.
bool MayUse(ReaderKind reader, const std::optional<ReaderKind>& forced, Ipc ipc);

/// What a check found to be missing.
struct Wanted {
  /// What a queue needs whose reader is forced: nothing else serves.
  sandbox::Capabilities strictly;
  /// Instead of these CAP_BPF and CAP_PERFMON serve, if BPF programs could then be loaded: every queue can be listed
  /// and read with them.
  sandbox::Capabilities loosely;
};

/// The fewest capabilities to grant so that everything works that needs one of `wanted`. `bpf_would_load` says whether
/// BPF programs could be loaded with CAP_BPF and CAP_PERFMON. What the process has already (`held`) is left out.
sandbox::Capabilities SmallestGrant(const Wanted& wanted, const sandbox::Capabilities& held, bool bpf_would_load);

}  // namespace mqueue

#endif  // DAEMON_RIGHTS_H_
