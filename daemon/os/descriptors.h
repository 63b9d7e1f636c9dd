#ifndef DAEMON_OS_DESCRIPTORS_H_
#define DAEMON_OS_DESCRIPTORS_H_

#include <cstddef>

namespace mqueue::os {

/// The soft limit of open files of this process (RLIMIT_NOFILE).
std::size_t DescriptorLimit();

/// How many descriptors below `end` are open in this process. One system call for each number below `end`.
std::size_t OpenDescriptors(std::size_t end);

}  // namespace mqueue::os

#endif  // DAEMON_OS_DESCRIPTORS_H_
