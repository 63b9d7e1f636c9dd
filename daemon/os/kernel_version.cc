#include "daemon/os/kernel_version.h"

#include <sys/utsname.h>

#include <charconv>
#include <system_error>

namespace mqueue::os {

std::optional<KernelVersion> ParseKernelVersion(std::string_view release) {
  KernelVersion version;
  const char* const end = release.data() + release.size();
  const auto first = std::from_chars(release.data(), end, version.first);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, version.second);
  if (second.ec != std::errc{}) return std::nullopt;
  return version;
}

std::optional<KernelVersion> RunningKernelVersion() {
  utsname names{};
  if (::uname(&names) != 0) return std::nullopt;
  return ParseKernelVersion(names.release);
}

}  // namespace mqueue::os
