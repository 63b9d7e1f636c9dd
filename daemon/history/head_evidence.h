#ifndef DAEMON_HISTORY_HEAD_EVIDENCE_H_
#define DAEMON_HISTORY_HEAD_EVIDENCE_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "daemon/queue/queue_snapshot.h"

namespace mqueue::history {

/// The kernel stamps with a clock that moves once per tick, so a stamp may be too small by 10 ms at 100 Hz, and by more
/// when a hypervisor holds up the CPU that updates the clock.
inline constexpr std::chrono::milliseconds kStampLag{100};

/// What is kept of one look to recognise the head in the next: the part of a snapshot that identifies the head and that
/// says what may have happened to the queue.
struct HeadEvidence {
  std::uint64_t messages = 0;
  std::optional<std::uint64_t> head_priority;
  /// Messages that were ever received, where the kernel counts them.
  std::optional<std::uint64_t> received;
  std::optional<HeadMark> mark;
  /// Whether `mark` counts all messages of the queue.
  bool saw_all = false;
  /// When the look began.
  Instant seen_at;
  std::optional<std::chrono::seconds> last_changed;
  std::optional<std::chrono::seconds> last_sent;
  std::optional<std::chrono::seconds> last_received;
  std::optional<std::int32_t> last_receiver_pid;
};

HeadEvidence EvidenceOf(const QueueSnapshot& snapshot);

/// Whether the message at the head is provably the one that was there at the earlier look. In doubt it is not: a wrong
/// "no" makes an observed age too small, a wrong "yes" makes it too large.
///
/// - Where the kernel counts what is received, an unchanged count keeps a head of the same priority.
/// - Otherwise the time stamps decide. A stamp moves with every message, and one whose second was over at the earlier
///   look cannot move unseen. POSIX queues have one stamp for both directions: the head is the same if it did not move.
///   SysV queues have two: the head is the same if nothing was received, whatever was sent.
/// - If SysV messages were received and none was sent, the head is the same if its mark is, and as many messages have
///   this mark as before.
/// - If messages may have been received and sent, the head may be another one that looks the same: senders repeat
///   payloads, and the kernel reuses the address of a freed message. No mark can tell, so it is not the same.
bool IsSameHead(const HeadEvidence& earlier, const HeadEvidence& later);

}  // namespace mqueue::history

#endif  // DAEMON_HISTORY_HEAD_EVIDENCE_H_
