#include "daemon/reader/fcntl_reader.h"

#include "daemon/reader/one_by_one.h"
#include "daemon/reader/peek_probe.h"

namespace mqueue::reader {

Support FcntlReader::Probe(const ProbeContext& context) {
  return context.PosixCall([](const os::UniqueFd& queue) { return CheckPeek(os::PeekByFcntl, queue); });
}

std::vector<std::optional<Look>> FcntlReader::LookAt(std::span<const QueueRef> queues, RoundContext& context) {
  return LookOneByOne(queues, context.budget,
                      [this](const QueueRef& queue, CpuMeter& meter) { return look_(queue, meter); });
}

}  // namespace mqueue::reader
