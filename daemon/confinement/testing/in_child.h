#ifndef DAEMON_CONFINEMENT_TESTING_IN_CHILD_H_
#define DAEMON_CONFINEMENT_TESTING_IN_CHILD_H_

#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace mqueue::confinement {

/// Runs `check` in a child process, since what it gives up would be missed by the next test. Returns the wait status:
/// 0 when `check` returned true, 256 when it returned false, the signal when it was killed.
inline int StatusOfChild(const std::function<bool()>& check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(check() ? 0 : 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace mqueue::confinement

#endif  // DAEMON_CONFINEMENT_TESTING_IN_CHILD_H_
