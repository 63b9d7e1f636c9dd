#include "daemon/history/head_evidence.h"

#include <algorithm>

namespace mqueue::history {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

using Stamp = std::optional<seconds> HeadEvidence::*;

nanoseconds ClockOffset(const Instant& instant) { return instant.realtime - instant.boottime; }

// What the wall clock may have shown at the earlier look or just after it: less than it did show if it was set back
// before the later look.
nanoseconds EarliestWallClock(const HeadEvidence& earlier, const HeadEvidence& later) {
  return earlier.seen_at.boottime + std::min(ClockOffset(earlier.seen_at), ClockOffset(later.seen_at));
}

// Whether what `stamp` records cannot have happened between the two looks. What never happened has no stamp, and gets
// one when it happens.
bool DidNotHappen(const HeadEvidence& earlier, const HeadEvidence& later, Stamp stamp) {
  const auto before = earlier.*stamp;
  if (before != later.*stamp) return false;
  return !before || EarliestWallClock(earlier, later) >= *before + seconds(1) + kStampLag;
}

bool NothingReceived(const HeadEvidence& earlier, const HeadEvidence& later) {
  // POSIX queues have one stamp for both directions.
  if (earlier.last_changed) return DidNotHappen(earlier, later, &HeadEvidence::last_changed);
  return earlier.last_receiver_pid == later.last_receiver_pid &&
         DidNotHappen(earlier, later, &HeadEvidence::last_received);
}

bool NothingSent(const HeadEvidence& earlier, const HeadEvidence& later) {
  if (earlier.last_changed) return DidNotHappen(earlier, later, &HeadEvidence::last_changed);
  return DidNotHappen(earlier, later, &HeadEvidence::last_sent);
}

bool LookAlike(const HeadMark& earlier, const HeadMark& later) { return earlier.identity == later.identity; }

// Nothing was sent, so the messages are some of those that were there: none that looks like the head is missing.
bool HeadWasLeft(const HeadEvidence& earlier, const HeadEvidence& later) {
  return earlier.mark && later.mark && earlier.saw_all && later.saw_all && earlier.mark->twins == later.mark->twins;
}

}  // namespace

HeadEvidence EvidenceOf(const QueueSnapshot& snapshot) {
  return {.messages = snapshot.messages,
          .head_priority = snapshot.head_priority,
          .received = snapshot.received,
          .mark = snapshot.head_mark,
          .saw_all = !snapshot.truncated.value_or(false) && snapshot.uncopied.empty(),
          .seen_at = snapshot.looked_at,
          .last_changed = snapshot.last_changed,
          .last_sent = snapshot.last_sent,
          .last_received = snapshot.last_received,
          .last_receiver_pid = snapshot.last_receiver_pid};
}

bool IsSameHead(const HeadEvidence& earlier, const HeadEvidence& later) {
  if (earlier.messages == 0 || later.messages == 0) return false;
  if (earlier.received && later.received) {
    return earlier.received == later.received && earlier.head_priority == later.head_priority;
  }
  if (earlier.mark && later.mark && !LookAlike(*earlier.mark, *later.mark)) return false;
  if (NothingReceived(earlier, later)) return true;
  return NothingSent(earlier, later) && HeadWasLeft(earlier, later);
}

}  // namespace mqueue::history
