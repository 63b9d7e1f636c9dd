#include "daemon/confinement/privileges.h"

#include <sys/prctl.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/confinement/process_capabilities.h"

namespace mqueue::confinement {
namespace {

Capabilities Both(const Capabilities& one, const Capabilities& other) {
  Capabilities both;
  std::ranges::set_intersection(one, other, std::inserter(both, both.end()));
  return both;
}

Capabilities Either(Capabilities one, const Capabilities& other) {
  one.insert(other.begin(), other.end());
  return one;
}

Capabilities Without(const Capabilities& one, const Capabilities& other) {
  Capabilities rest;
  std::ranges::set_difference(one, other, std::inserter(rest, rest.end()));
  return rest;
}

}  // namespace

os::Result<Privileges> Privileges::Begin(const CapabilityPlan& plan) {
  auto held = PermittedCapabilities();
  if (!held) return std::unexpected(held.error());
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return os::Failure("prctl", "PR_SET_NO_NEW_PRIVS");
  if (auto kept = KeepOnly(Either(plan.to_start, plan.to_read)); !kept) return std::unexpected(kept.error());
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return os::Failure("prctl", "PR_SET_DUMPABLE");
  return Privileges(plan, *std::move(held));
}

os::Result<void> Privileges::Started() {
  started_ = true;
  return KeepOnly(plan_.to_read);
}

Capabilities Privileges::kept() const {
  return Both(held_, started_ ? plan_.to_read : Either(plan_.to_start, plan_.to_read));
}

Capabilities Privileges::GivenUp(const CapabilityPlan& plan) const {
  // What only a start needs has done its work if the first configuration needed it, too.
  const Capabilities wanted = Either(Without(plan.to_start, plan_.to_start), plan.to_read);
  return Without(Both(held_, wanted), kept());
}

}  // namespace mqueue::confinement
