#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/settings/load.h"

// Any bytes are a configuration or get errors that can be shown; both are looked at, so that the sanitizers see them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto settings = mqueue::settings::ParseSettings(text, "fuzz.yml");
  if (settings) {
    for (const auto& rule : settings->queues.rules) {
      if (rule.pattern.empty() || rule.policy == nullptr) __builtin_trap();
    }
    return 0;
  }
  if (settings.error().empty()) __builtin_trap();
  for (const auto& line : settings.error()) {
    if (!line.starts_with("fuzz.yml:") || line.find('\n') != line.npos) __builtin_trap();
  }
  return 0;
}
