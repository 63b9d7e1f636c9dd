#ifndef DAEMON_CONFINEMENT_PROCESS_CAPABILITIES_H_
#define DAEMON_CONFINEMENT_PROCESS_CAPABILITIES_H_

#include <string>

#include "daemon/confinement/capability.h"
#include "daemon/os/error.h"

namespace mqueue::confinement {

/// Those of the calling thread's permitted set. Those that the daemon has no use for are not told.
os::Result<Capabilities> PermittedCapabilities();

/// Those of the calling thread's effective set: what system calls are judged by.
os::Result<Capabilities> EffectiveCapabilities();

/// Gives up, for good, every capability of the calling thread but those of `kept`, and makes effective what it holds of
/// these: file capabilities without the effective bit come permitted only. Nothing is left to inherit. Threads that
/// exist already keep what they have, so call it before the first one.
os::Result<void> KeepOnly(const Capabilities& kept);

/// The text that makes setcap(8) add `added` to the capabilities that the file at `path` has: all of these, with
/// `added` permitted, and effective if the others are.
os::Result<std::string> FileCapabilitiesWith(const std::string& path, const Capabilities& added);

}  // namespace mqueue::confinement

#endif  // DAEMON_CONFINEMENT_PROCESS_CAPABILITIES_H_
