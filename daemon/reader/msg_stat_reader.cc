#include "daemon/reader/msg_stat_reader.h"

#include "daemon/os/sysv_queue.h"
#include "daemon/reader/look_failure.h"
#include "daemon/reader/one_by_one.h"
#include "daemon/reader/sysv_snapshot.h"

namespace mqueue::reader {

Support MsgStatReader::Probe(const ProbeContext&) {
  if (const auto info = os::GetSysvInfo(); !info) return {.obstacle = info.error().message};
  return {.supported = true};
}

std::vector<std::optional<Look>> MsgStatReader::LookAt(std::span<const QueueRef> queues, RoundContext& context) {
  const auto largest_message = LargestSysvMessage();
  return LookOneByOne(queues, context.budget, [&](const QueueRef& queue, CpuMeter&) -> Look {
    const Instant now = clock_();
    const auto status = os::StatQueue(static_cast<int>(queue.id));
    if (!status) return QueueIsGone(queue);
    auto snapshot = SysvSnapshot(ReaderKind::kMsgStat, now, *status, largest_message);
    snapshot.read_by = clock_().boottime;
    return snapshot;
  });
}

}  // namespace mqueue::reader
