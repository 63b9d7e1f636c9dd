#include "daemon/reader/peek_look.h"

#include <algorithm>
#include <utility>

#include "daemon/reader/look_failure.h"
#include "daemon/reader/peek_walk.h"
#include "daemon/reader/posix_snapshot.h"

namespace mqueue::reader {
namespace {

// A queue that changed during this many walks will change during the next too.
constexpr int kWalks = 3;

bool SameBefore(const OpenedQueue& opened, const os::PosixStatus& status, const os::PosixAttributes& attributes) {
  return opened.status.last_changed == status.last_changed && opened.attributes.messages == attributes.messages;
}

void Fill(MessagesSeen seen, QueueSnapshot& snapshot) {
  std::ranges::reverse(seen.groups);
  snapshot.truncated = seen.messages < snapshot.messages;
  if (!*snapshot.truncated) snapshot.bytes = seen.bytes;
  snapshot.groups = std::move(seen.groups);
  snapshot.head_priority = seen.head_value;
  snapshot.head_mark = seen.head_mark;
}

}  // namespace

Look PeekLook::operator()(const QueueRef& queue, CpuMeter& meter) const {
  auto opened = OpenForLook(*directory_, queue);
  if (!opened) return std::unexpected(opened.error());
  const auto peek = [&](std::uint64_t index, os::PeekBuffer& buffer) {
    return peek_(opened->descriptor, index, buffer, queue.name);
  };
  for (int walks = 1;; ++walks) {
    const Instant now = clock_();
    const os::PosixStatus status = opened->status;
    const os::PosixAttributes attributes = opened->attributes;
    auto seen = WalkByPeek(peek, max_messages_, attributes.message_size_limit, digest_, meter);
    if (!seen) return LookFailure(seen.error());
    // What was true after the walk bounds the age of its head from the safe side.
    if (const auto again = Refresh(*opened, queue); !again) return std::unexpected(again.error());
    if (!SameBefore(*opened, status, attributes) && walks < kWalks && !meter.Spent()) continue;
    auto snapshot = PosixSnapshot(kind_, now, *opened);
    snapshot.read_by = clock_().boottime;
    Fill(*std::move(seen), snapshot);
    return snapshot;
  }
}

}  // namespace mqueue::reader
