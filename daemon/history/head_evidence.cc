#include "daemon/history/head_evidence.h"

namespace mqueue::history {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

// The kernel stamps with a clock that lags by up to a tick (10 ms at 100 Hz).
constexpr nanoseconds kStampLag = std::chrono::milliseconds(20);

using Stamp = std::optional<seconds> HeadEvidence::*;

// Whether what `stamp` records cannot have happened between the two looks. Something that never happened has no stamp
// and gets one when it does.
bool DidNotHappen(const HeadEvidence& earlier, const HeadEvidence& later, Stamp stamp) {
  const auto before = earlier.*stamp;
  if (before != later.*stamp) return false;
  return !before || earlier.seen_at_realtime >= *before + seconds(1) + kStampLag;
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

// Messages were received, but the head may not have been among them (msgrcv takes by type).
bool HeadSurvivedReceiving(const HeadEvidence& earlier, const HeadMark& was, const HeadEvidence& later,
                           const HeadMark& is) {
  const bool counted_all = earlier.saw_all && later.saw_all;
  if (NothingSent(earlier, later)) return counted_all && was.twins == is.twins;
  const bool alone = was.twins == 1 && is.twins == 1;
  return alone && was.next != 0 && was.next == is.next;
}

}  // namespace

HeadEvidence EvidenceOf(const QueueSnapshot& snapshot) {
  return {.messages = snapshot.messages,
          .head_priority = snapshot.head_priority,
          .received = snapshot.received,
          .mark = snapshot.head_mark,
          .saw_all = !snapshot.truncated.value_or(false) && snapshot.uncopied.empty(),
          .seen_at_realtime = snapshot.looked_at.realtime,
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
  const bool nothing_received = NothingReceived(earlier, later);
  if (!earlier.mark || !later.mark) return nothing_received;
  if (earlier.mark->identity != later.mark->identity) return false;
  return nothing_received || HeadSurvivedReceiving(earlier, *earlier.mark, later, *later.mark);
}

}  // namespace mqueue::history
