#ifndef DAEMON_CONFINEMENT_PRIVILEGES_H_
#define DAEMON_CONFINEMENT_PRIVILEGES_H_

#include <utility>

#include "daemon/confinement/capability.h"
#include "daemon/confinement/capability_plan.h"
#include "daemon/os/error.h"

namespace mqueue::confinement {

/// The privileges of this process on their way down. They are a thread's, so every step comes before the second thread.
class Privileges {
 public:
  /// Gives up what `plan` does not need, and for good the right to gain any by executing something; keeps others of
  /// the same user from tracing the process and the kernel from writing its memory to a core file.
  static os::Result<Privileges> Begin(const CapabilityPlan& plan);

  /// The daemon is started: gives up what only that took.
  os::Result<void> Started();

  /// What the process held when it began.
  const Capabilities& held() const { return held_; }
  /// What it holds now.
  Capabilities kept() const;

  /// What `plan` needs and the process has given up: only a restart would bring it back. What was never held is left
  /// out.
  Capabilities GivenUp(const CapabilityPlan& plan) const;

 private:
  Privileges(CapabilityPlan plan, Capabilities held) : plan_(std::move(plan)), held_(std::move(held)) {}

  CapabilityPlan plan_;
  Capabilities held_;
  bool started_ = false;
};

}  // namespace mqueue::confinement

#endif  // DAEMON_CONFINEMENT_PRIVILEGES_H_
