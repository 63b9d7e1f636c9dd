#include "daemon/confinement/process_capabilities.h"

#include <sys/capability.h>

#include <cerrno>
#include <memory>
#include <type_traits>

namespace mqueue::confinement {
namespace {

struct Free {
  void operator()(void* memory) const { ::cap_free(memory); }
};
using Text = std::unique_ptr<char, Free>;
using State = std::unique_ptr<std::remove_pointer_t<cap_t>, Free>;

cap_value_t Number(Capability capability) {
  switch (capability) {
    case Capability::kDacReadSearch:
      return CAP_DAC_READ_SEARCH;
    case Capability::kIpcOwner:
      return CAP_IPC_OWNER;
    case Capability::kSysAdmin:
      return CAP_SYS_ADMIN;
    case Capability::kNetBindService:
      return CAP_NET_BIND_SERVICE;
    case Capability::kBpf:
      return CAP_BPF;
    case Capability::kPerfmon:
      return CAP_PERFMON;
  }
  return -1;
}

bool Has(const State& state, cap_flag_t set, Capability capability) {
  cap_flag_value_t value = CAP_CLEAR;
  return ::cap_get_flag(state.get(), Number(capability), set, &value) == 0 && value == CAP_SET;
}

os::Result<Capabilities> Held(cap_flag_t set) {
  const State state(::cap_get_proc());
  if (!state) return os::Failure("capget", "own thread");
  Capabilities held;
  for (const Capability capability : kCapabilities) {
    if (Has(state, set, capability)) held.insert(capability);
  }
  return held;
}

bool HasEffective(const State& state) {
  for (cap_value_t number = 0; number < ::cap_max_bits(); ++number) {
    cap_flag_value_t value = CAP_CLEAR;
    if (::cap_get_flag(state.get(), number, CAP_EFFECTIVE, &value) == 0 && value == CAP_SET) return true;
  }
  return false;
}

}  // namespace

os::Result<Capabilities> PermittedCapabilities() { return Held(CAP_PERMITTED); }

os::Result<Capabilities> EffectiveCapabilities() { return Held(CAP_EFFECTIVE); }

os::Result<void> KeepOnly(const Capabilities& kept) {
  const State before(::cap_get_proc());
  const State after(::cap_init());
  if (!before || !after) return os::Failure("capget", "own thread");
  for (const Capability capability : kept) {
    if (!Has(before, CAP_PERMITTED, capability)) continue;
    const cap_value_t number = Number(capability);
    ::cap_set_flag(after.get(), CAP_PERMITTED, 1, &number, CAP_SET);
    ::cap_set_flag(after.get(), CAP_EFFECTIVE, 1, &number, CAP_SET);
  }
  // Ambient ones go with the inheritable ones.
  if (::cap_set_proc(after.get()) != 0) return os::Failure("capset", "own thread");
  return {};
}

os::Result<std::string> FileCapabilitiesWith(const std::string& path, const Capabilities& added) {
  State state(::cap_get_file(path.c_str()));
  if (!state && errno != ENODATA && errno != EOPNOTSUPP) return os::Failure("cap_get_file", path);
  if (!state) state.reset(::cap_init());
  if (!state) return os::Failure("cap_init", path);
  // The kernel has one effective bit for a file: setcap refuses a text in which only some are effective.
  const bool effective = HasEffective(state);
  for (const Capability capability : added) {
    const cap_value_t number = Number(capability);
    ::cap_set_flag(state.get(), CAP_PERMITTED, 1, &number, CAP_SET);
    if (effective) ::cap_set_flag(state.get(), CAP_EFFECTIVE, 1, &number, CAP_SET);
  }
  const Text text(::cap_to_text(state.get(), nullptr));
  if (!text) return os::Failure("cap_to_text", path);
  return std::string(text.get());
}

}  // namespace mqueue::confinement
