#include "daemon/sandbox/privileges.h"

#include <sys/prctl.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace mqueue::sandbox {
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

os::Result<Privileges> Privileges::Begin(const Rights& rights) {
  auto held = PermittedCapabilities();
  if (!held) return std::unexpected(held.error());
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return os::Failure("prctl", "PR_SET_NO_NEW_PRIVS");
  if (auto kept = KeepOnly(Either(rights.to_start, rights.to_look)); !kept) return std::unexpected(kept.error());
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return os::Failure("prctl", "PR_SET_DUMPABLE");
  return Privileges(rights, *std::move(held));
}

os::Result<void> Privileges::Started() {
  started_ = true;
  return KeepOnly(rights_.to_look);
}

Capabilities Privileges::kept() const {
  return Both(held_, started_ ? rights_.to_look : Either(rights_.to_start, rights_.to_look));
}

Capabilities Privileges::GivenUp(const Rights& rights) const {
  // What a start took has done its work if the first configuration had a use for it, too.
  const Capabilities wanted = Either(Without(rights.to_start, rights_.to_start), rights.to_look);
  return Without(Both(held_, wanted), kept());
}

}  // namespace mqueue::sandbox
