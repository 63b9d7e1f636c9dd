#include "daemon/reader/msg_copy_reader.h"

#include <cerrno>

#include "daemon/reader/look_failure.h"
#include "daemon/reader/msg_copy_walk.h"
#include "daemon/reader/one_by_one.h"
#include "daemon/reader/sysv_snapshot.h"

namespace mqueue::reader {
namespace {

// A queue that changed during this many walks will change during the next too.
constexpr int kWalks = 3;
// The kernel's own default of msgmax (MSGMAX), for the case that it cannot be read.
constexpr std::uint64_t kDefaultLargestMessage = 8192;

// EINVAL is what msgrcv says of an id that is no longer in use.
std::unexpected<LookError> WalkFailure(const os::Error& error, const QueueRef& queue) {
  if (error.code == EINVAL || error.code == EIDRM) return QueueIsGone(queue);
  return LookFailure(error);
}

// `status` is that after the walk. If the queue changed during it, messages may have moved up past the walk, even if as
// many were copied as there are now.
QueueSnapshot ToSnapshot(const Instant& now, const os::SysvStatus& status, bool changed, MsgCopyWalk walk,
                         std::uint64_t largest_message) {
  auto snapshot = SysvSnapshot(ReaderKind::kMsgCopy, now, status, largest_message);
  snapshot.truncated = changed || walk.seen.messages + walk.uncopied.size() < status.messages;
  snapshot.groups = std::move(walk.seen.groups);
  snapshot.uncopied = std::move(walk.uncopied);
  snapshot.head_priority = walk.seen.head_value;
  snapshot.head_mark = walk.seen.head_mark;
  return snapshot;
}

}  // namespace

Support MsgCopyReader::Probe(const ProbeContext&) {
  if (!os::KernelHasMessageCopy()) return {.obstacle = "the kernel lacks CONFIG_CHECKPOINT_RESTORE"};
  return {.supported = true};
}

std::vector<std::optional<Look>> MsgCopyReader::LookAt(std::span<const QueueRef> queues, RoundContext& context) {
  const auto largest_message = LargestSysvMessage().value_or(kDefaultLargestMessage);
  return LookOneByOne(queues, context.budget,
                      [&](const QueueRef& queue, CpuMeter& meter) { return LookAtOne(queue, largest_message, meter); });
}

Look MsgCopyReader::LookAtOne(const QueueRef& queue, std::uint64_t largest_message, CpuMeter& meter) const {
  const MsgCopyBounds bounds{.max_messages = max_messages_, .largest_message = largest_message};
  auto before = os::StatQueue(static_cast<int>(queue.id));
  for (int walks = 1;; ++walks) {
    const Instant now = clock_();
    if (!before) return QueueIsGone(queue);
    auto walk = WalkMessages(*before, bounds, digest_, meter);
    if (!walk) return WalkFailure(walk.error(), queue);
    const auto after = os::StatQueue(before->msqid);
    if (!after) return QueueIsGone(queue);
    const bool changed = after != before;
    if (!changed || walks == kWalks || meter.Spent()) {
      auto snapshot = ToSnapshot(now, *after, changed, *std::move(walk), largest_message);
      snapshot.read_by = clock_().boottime;
      return snapshot;
    }
    before = after;
  }
}

}  // namespace mqueue::reader
