#include "daemon/confinement/capability.h"

namespace mqueue::confinement {

std::string_view ToString(Capability capability) {
  switch (capability) {
    case Capability::kDacReadSearch:
      return "CAP_DAC_READ_SEARCH";
    case Capability::kIpcOwner:
      return "CAP_IPC_OWNER";
    case Capability::kSysAdmin:
      return "CAP_SYS_ADMIN";
    case Capability::kNetBindService:
      return "CAP_NET_BIND_SERVICE";
    case Capability::kBpf:
      return "CAP_BPF";
    case Capability::kPerfmon:
      return "CAP_PERFMON";
  }
  return "";
}

std::string ToString(const Capabilities& capabilities) {
  std::string text;
  for (const Capability capability : capabilities) {
    text += (text.empty() ? "" : ", ") + std::string(ToString(capability));
  }
  return text.empty() ? "none" : text;
}

}  // namespace mqueue::confinement
