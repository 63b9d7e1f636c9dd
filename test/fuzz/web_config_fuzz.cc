#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/access/web_config.h"

// As config_fuzz.cc, for the web configuration.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = mqueue::access::ParseWebConfig(text, "fuzz.yml");
  if (config) {
    for (const auto& [name, value] : config->headers) {
      if (value.find_first_of("\r\n") != value.npos) __builtin_trap();
    }
    for (const auto& [user, hash] : config->users) {
      if (user.empty() || hash.size() != 60) __builtin_trap();
    }
    if (const auto& limit = config->rate_limit) {
      // What TokenBucket requires.
      if (limit->interval.count() <= 0 || limit->burst == 0) __builtin_trap();
      if (limit->burst > static_cast<std::uint64_t>(std::chrono::hours(24 * 365 * 100) / limit->interval))
        __builtin_trap();
    }
    return 0;
  }
  if (config.error().empty()) __builtin_trap();
  for (const auto& line : config.error()) {
    if (!line.starts_with("fuzz.yml:") || line.find('\n') != line.npos) __builtin_trap();
  }
  return 0;
}
