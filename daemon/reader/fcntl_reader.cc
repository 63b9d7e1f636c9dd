#include "daemon/reader/fcntl_reader.h"

#include "daemon/reader/one_by_one.h"

namespace mqueue::reader {

std::vector<std::optional<Look>> FcntlReader::LookAt(std::span<const QueueRef> queues, RoundContext& context) {
  return LookOneByOne(queues, context.budget,
                      [this](const QueueRef& queue, CpuMeter& meter) { return look_(queue, meter); });
}

}  // namespace mqueue::reader
