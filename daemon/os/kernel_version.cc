#include "daemon/os/kernel_version.h"

#include <sys/utsname.h>

#include <cstddef>

#include "daemon/text/parse_number.h"

namespace mqueue::os {

std::optional<KernelVersion> ParseKernelVersion(std::string_view release) {
  const std::size_t dot = release.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view rest = release.substr(dot + 1);
  const auto first = ParseNumber<unsigned>(release.substr(0, dot));
  const auto second = ParseNumber<unsigned>(rest.substr(0, rest.find_first_not_of("0123456789")));
  if (!first || !second) return std::nullopt;
  return KernelVersion{.first = *first, .second = *second};
}

std::optional<KernelVersion> RunningKernelVersion() {
  utsname names{};
  if (::uname(&names) != 0) return std::nullopt;
  return ParseKernelVersion(names.release);
}

}  // namespace mqueue::os
