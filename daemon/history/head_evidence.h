#ifndef DAEMON_HISTORY_HEAD_EVIDENCE_H_
#define DAEMON_HISTORY_HEAD_EVIDENCE_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "daemon/queue/queue_snapshot.h"

namespace mqueue::history {

/// What one look leaves behind for recognising the head in the next: the part of a snapshot that says who is at the
/// head and what may have happened to the queue.
struct HeadEvidence {
  std::uint64_t messages = 0;
  std::optional<std::uint64_t> head_priority;
  /// Messages that were ever received, where the kernel counts them.
  std::optional<std::uint64_t> received;
  std::optional<HeadMark> mark;
  /// Whether `mark` speaks of all messages of the queue.
  bool saw_all = false;
  std::chrono::nanoseconds seen_at_realtime{};
  std::optional<std::chrono::seconds> last_changed;
  std::optional<std::chrono::seconds> last_sent;
  std::optional<std::chrono::seconds> last_received;
  std::optional<std::int32_t> last_receiver_pid;
};

HeadEvidence EvidenceOf(const QueueSnapshot& snapshot);

/// Whether the message at the head is provably, or as good as provably, the one that was there at the earlier look.
///
/// It is when nothing can have been received in between: every time a message leaves, the queue's own time stamp moves,
/// and a stamp whose second was over at the earlier look cannot move unseen. When messages did leave, the mark decides:
/// a head that was the only one of its kind, with the same message still behind it, is the same; one that had an
/// identical message behind it is taken for gone, because that twin would now look just like it. A mistake can only
/// make an age too small. Where the kernel counts what is received, an unchanged count leaves a head of the same
/// priority where it was.
bool IsSameHead(const HeadEvidence& earlier, const HeadEvidence& later);

}  // namespace mqueue::history

#endif  // DAEMON_HISTORY_HEAD_EVIDENCE_H_
