#ifndef DAEMON_CONFINEMENT_CAPABILITY_H_
#define DAEMON_CONFINEMENT_CAPABILITY_H_

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace mqueue::confinement {

/// The capabilities (capabilities(7)) that some feature of the daemon needs.
enum class Capability : std::uint8_t { kDacReadSearch, kIpcOwner, kSysAdmin, kNetBindService, kBpf, kPerfmon };

inline constexpr Capability kCapabilities[] = {Capability::kDacReadSearch, Capability::kIpcOwner,
                                               Capability::kSysAdmin,      Capability::kNetBindService,
                                               Capability::kBpf,           Capability::kPerfmon};

/// "CAP_BPF", …
std::string_view ToString(Capability capability);

using Capabilities = std::set<Capability>;

/// Names with a comma between them; "none" when there is none.
std::string ToString(const Capabilities& capabilities);

}  // namespace mqueue::confinement

#endif  // DAEMON_CONFINEMENT_CAPABILITY_H_
