#ifndef DAEMON_SANDBOX_CAPABILITIES_H_
#define DAEMON_SANDBOX_CAPABILITIES_H_

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "daemon/os/error.h"

namespace mqueue::sandbox {

/// The capabilities (capabilities(7)) that some feature of the daemon has a use for.
enum class Capability : std::uint8_t { kDacReadSearch, kIpcOwner, kSysAdmin, kNetBindService, kBpf, kPerfmon };

inline constexpr Capability kCapabilities[] = {Capability::kDacReadSearch, Capability::kIpcOwner,
                                               Capability::kSysAdmin,      Capability::kNetBindService,
                                               Capability::kBpf,           Capability::kPerfmon};

/// "CAP_BPF", …
std::string_view ToString(Capability capability);

using Capabilities = std::set<Capability>;

/// Names with a comma between them; "none" when there is none.
std::string ToString(const Capabilities& capabilities);

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

}  // namespace mqueue::sandbox

#endif  // DAEMON_SANDBOX_CAPABILITIES_H_
