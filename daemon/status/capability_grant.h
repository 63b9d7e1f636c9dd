#ifndef DAEMON_STATUS_CAPABILITY_GRANT_H_
#define DAEMON_STATUS_CAPABILITY_GRANT_H_

#include "daemon/confinement/capability.h"

namespace mqueue::status {

/// What a check found to be missing.
struct MissingCapabilities {
  /// What a queue needs whose reader is forced: nothing else serves.
  confinement::Capabilities strictly;
  /// Instead of these CAP_BPF and CAP_PERFMON serve, if BPF programs could then be loaded: every queue can be listed
  /// and read with them.
  confinement::Capabilities loosely;
};

/// The fewest capabilities to grant so that everything works that needs one of `missing`. `bpf_would_load` says whether
/// BPF programs could be loaded with CAP_BPF and CAP_PERFMON. What the process has already (`held`) is left out.
confinement::Capabilities SmallestGrant(const MissingCapabilities& missing, const confinement::Capabilities& held,
                                        bool bpf_would_load);

}  // namespace mqueue::status

#endif  // DAEMON_STATUS_CAPABILITY_GRANT_H_
