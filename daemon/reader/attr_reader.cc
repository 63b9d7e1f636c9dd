#include "daemon/reader/attr_reader.h"

#include "daemon/reader/one_by_one.h"
#include "daemon/reader/posix_snapshot.h"

namespace mqueue::reader {

Support AttrReader::Probe(const ProbeContext& context) { return context.Posix(); }

std::vector<std::optional<Look>> AttrReader::LookAt(std::span<const QueueRef> queues, RoundContext& context) {
  return LookOneByOne(queues, context.budget, [this](const QueueRef& queue, CpuMeter&) { return LookAtOne(queue); });
}

Look AttrReader::LookAtOne(const QueueRef& queue) const {
  const Instant now = clock_();
  const auto opened = OpenForLook(*directory_, queue);
  if (!opened) return std::unexpected(opened.error());
  auto snapshot = PosixSnapshot(ReaderKind::kAttr, now, *opened);
  snapshot.read_by = clock_().boottime;
  return snapshot;
}

}  // namespace mqueue::reader
