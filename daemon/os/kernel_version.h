#ifndef DAEMON_OS_KERNEL_VERSION_H_
#define DAEMON_OS_KERNEL_VERSION_H_

#include <compare>
#include <optional>
#include <string_view>

namespace mqueue::os {

/// The first two numbers of a kernel release: 6.1 of "6.1.0-32-amd64".
struct KernelVersion {
  unsigned first = 0;
  unsigned second = 0;

  auto operator<=>(const KernelVersion&) const = default;
};

/// Absent if `release` does not begin with two numbers and a dot between them.
std::optional<KernelVersion> ParseKernelVersion(std::string_view release);

/// The version of the running kernel, by uname(2).
std::optional<KernelVersion> RunningKernelVersion();

}  // namespace mqueue::os

#endif  // DAEMON_OS_KERNEL_VERSION_H_
