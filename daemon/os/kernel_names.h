#ifndef DAEMON_OS_KERNEL_NAMES_H_
#define DAEMON_OS_KERNEL_NAMES_H_

#include <string>
#include <string_view>
#include <vector>

namespace mqueue::os {

/// Whether the running kernel has the system call `name` by its own word: an entry such as __x64_sys_NAME in the first
/// of `lists` that can be read. A list is the kernel's types (/sys/kernel/btf/vmlinux) or its symbols (/proc/kallsyms,
/// whose names are there for everybody): any file in which names stand between bytes that belong to no name. False when
/// none can be read.
bool KernelNamesSyscall(std::string_view name, const std::vector<std::string>& lists);

}  // namespace mqueue::os

#endif  // DAEMON_OS_KERNEL_NAMES_H_
