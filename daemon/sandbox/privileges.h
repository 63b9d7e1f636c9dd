#ifndef DAEMON_SANDBOX_PRIVILEGES_H_
#define DAEMON_SANDBOX_PRIVILEGES_H_

#include "daemon/os/error.h"
#include "daemon/sandbox/capabilities.h"

namespace mqueue::sandbox {

/// What a configuration has a use for.
struct Rights {
  /// Until the daemon is started: to load, mount and bind.
  Capabilities to_start;
  /// As long as it runs.
  Capabilities to_look;
};

/// The privileges of this process on their way down. They are a thread's, so every step comes before the second thread.
class Privileges {
 public:
  /// Gives up what `rights` has no use for, and for good the right to gain any by executing something; keeps others of
  /// the same user from tracing the process and the kernel from writing its memory to a core file.
  static os::Result<Privileges> Begin(const Rights& rights);

  /// The daemon is started: gives up what only that took.
  os::Result<void> Started();

  /// What the process held when it began.
  const Capabilities& held() const { return held_; }
  /// What it holds now.
  Capabilities kept() const;

  /// What `rights` has a use for and the process has given up: only a restart would bring it back. Empty when nothing
  /// is missing; what was never held is not.
  Capabilities GivenUp(const Rights& rights) const;

 private:
  Privileges(Rights rights, Capabilities held) : rights_(std::move(rights)), held_(std::move(held)) {}

  Rights rights_;
  Capabilities held_;
  bool started_ = false;
};

}  // namespace mqueue::sandbox

#endif  // DAEMON_SANDBOX_PRIVILEGES_H_
