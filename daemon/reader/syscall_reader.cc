#include "daemon/reader/syscall_reader.h"

#include <cerrno>
#include <string>

#include "daemon/os/kernel_names.h"
#include "daemon/reader/one_by_one.h"
#include "daemon/reader/peek_probe.h"

namespace mqueue::reader {

Support SyscallReader::Probe(const ProbeContext& context) {
  return context.PosixCall([&context](const os::UniqueFd& queue) -> os::Result<void> {
    constexpr char kCall[] = "mq_timedreceive2";
    // Another kernel may have given the number to another call, so it is tried only where it is named or forced.
    if (!context.IsForced(ReaderKind::kSyscall) && !os::KernelNamesSyscall(kCall, context.options().kernel_functions)) {
      return std::unexpected(os::Error{ENOSYS, std::string("the kernel does not name ") + kCall});
    }
    return CheckPeek(os::PeekBySyscall, queue);
  });
}

std::vector<std::optional<Look>> SyscallReader::LookAt(std::span<const QueueRef> queues, RoundContext& context) {
  return LookOneByOne(queues, context.budget,
                      [this](const QueueRef& queue, CpuMeter& meter) { return look_(queue, meter); });
}

}  // namespace mqueue::reader
