#ifndef DAEMON_RIGHTS_H_
#define DAEMON_RIGHTS_H_

#include "daemon/sandbox/privileges.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// What the configuration has a use for. Without any of it the daemon sees its own queues and those that everybody may
/// read.
sandbox::Rights RightsFor(const settings::Settings& settings);

/// The fewest capabilities to grant so that everything works that needs one of `wanted`. With CAP_BPF and CAP_PERFMON
/// every queue can be listed and read, so these two are enough where BPF programs could then be loaded
/// (`bpf_would_load`). What the process has already (`held`) is left out.
sandbox::Capabilities SmallestGrant(const sandbox::Capabilities& wanted, const sandbox::Capabilities& held,
                                    bool bpf_would_load);

}  // namespace mqueue

#endif  // DAEMON_RIGHTS_H_
