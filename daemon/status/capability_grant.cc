#include "daemon/status/capability_grant.h"

#include <algorithm>
#include <iterator>

namespace mqueue::status {

using confinement::Capabilities;
using confinement::Capability;

Capabilities SmallestGrant(const MissingCapabilities& missing, const Capabilities& held, bool bpf_would_load) {
  const Capabilities bpf{Capability::kBpf, Capability::kPerfmon};
  Capabilities needed = missing.strictly;
  if (!std::ranges::includes(missing.strictly, missing.loosely)) {
    Capabilities others = bpf_would_load ? bpf : missing.loosely;
    if (!bpf_would_load) std::erase_if(others, [&](Capability useless) { return bpf.contains(useless); });
    needed.merge(others);
  }
  Capabilities grant;
  std::ranges::set_difference(needed, held, std::inserter(grant, grant.end()));
  return grant;
}

}  // namespace mqueue::status
