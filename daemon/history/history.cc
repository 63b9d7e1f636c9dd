#include "daemon/history/history.h"

#include <algorithm>
#include <utility>

namespace mqueue::history {
namespace {

using std::chrono::nanoseconds;

// The kernel's enqueue times are right to a tick (10 ms at 100 Hz), so two that are closer may be one.
constexpr nanoseconds kTwoTicks = std::chrono::milliseconds(20);
// A stamp is cut to its second: what it records happened before that second was over.
constexpr nanoseconds kStampResolution = std::chrono::seconds(1) + kStampLag;

MessageAge AgeOf(const Instant& now, nanoseconds age, SteadyTimestamp& timestamp, bool same_message) {
  // No message outlives a boot.
  age = std::clamp(age, nanoseconds(0), std::max(now.boottime, nanoseconds(0)));
  return {.age = age, .timestamp = timestamp.Show(now.realtime - age, same_message)};
}

// By when every message that is in the queue had been sent, as Unix time in whole seconds.
std::optional<std::chrono::seconds> LastArrival(const QueueSnapshot& snapshot) {
  return snapshot.last_changed ? snapshot.last_changed : snapshot.last_sent;
}

}  // namespace

QueueState History::Record(Track& track, WatchedQueue queue, Look look) {
  QueueState state{.queue = std::move(queue), .look = std::move(look)};
  if (!state.look) return state;
  const QueueSnapshot& snapshot = *state.look;
  const auto offset = snapshot.looked_at.realtime - snapshot.looked_at.boottime;
  smallest_offset_ = std::min(smallest_offset_, offset);
  if (snapshot.messages == 0) {
    RecordEmpty(snapshot, track, state);
  } else if (snapshot.head_age) {
    RecordKernelAges(snapshot, *snapshot.head_age, track, state);
  } else {
    RecordObservedAge(snapshot, track, state);
  }
  track.evidence = EvidenceOf(snapshot);
  return state;
}

void History::RecordKernelAges(const QueueSnapshot& snapshot, nanoseconds head_age, Track& track, QueueState& state) {
  state.age_source = AgeSource::kKernel;
  const auto since = snapshot.looked_at.boottime - head_age;
  const bool same_time = track.head_since && std::chrono::abs(since - *track.head_since) <= kTwoTicks;
  const bool counted = track.evidence && track.evidence->received;
  const bool same = same_time || (counted && IsSameHead(*track.evidence, EvidenceOf(snapshot)));
  track.head_since = since;
  state.head = AgeOf(snapshot.looked_at, head_age, track.head_timestamp, same);
  if (snapshot.oldest_age) {
    state.oldest = AgeOf(snapshot.looked_at, *snapshot.oldest_age, track.oldest_timestamp, true);
  }
}

void History::RecordEmpty(const QueueSnapshot& snapshot, Track& track, QueueState& state) {
  track.head_since.reset();
  // An empty queue has no age, but where the ages of its messages will come from does not change with its depth.
  if (snapshot.reader == ReaderKind::kSnapshot) state.age_source = AgeSource::kKernel;
}

void History::RecordObservedAge(const QueueSnapshot& snapshot, Track& track, QueueState& state) const {
  const bool same = track.evidence && IsSameHead(*track.evidence, EvidenceOf(snapshot));
  const bool first_sight = !track.evidence;
  const bool known_before = same && track.head_since;
  if (!known_before) track.head_since = QueuedBy(snapshot, !first_sight);
  if (!track.head_since) return;
  const auto age = snapshot.looked_at.boottime - *track.head_since;
  state.head = AgeOf(snapshot.looked_at, age, track.head_timestamp, same);
}

// CLOCK_BOOTTIME by which the head, which was not known before, had been queued.
std::optional<nanoseconds> History::QueuedBy(const QueueSnapshot& snapshot, bool saw_it_arrive) const {
  const nanoseconds read_by = std::max(snapshot.looked_at.boottime, snapshot.read_by);
  if (const auto stamped_by = StampedBy(snapshot)) return std::min(read_by, *stamped_by);
  return saw_it_arrive ? std::optional(read_by) : std::nullopt;
}

// CLOCK_BOOTTIME by which every message in the queue had been sent, by the queue's own stamp; absent if the stamp is of
// a wall clock that has been set since: it lies in the future, or before the boot (a host without a battery-backed
// clock starts in 1970).
std::optional<nanoseconds> History::StampedBy(const QueueSnapshot& snapshot) const {
  const auto stamp = LastArrival(snapshot);
  if (!stamp || *stamp > snapshot.looked_at.realtime) return std::nullopt;
  const nanoseconds by = *stamp + kStampResolution - smallest_offset_;
  return by < nanoseconds(0) ? std::nullopt : std::optional(by);
}

}  // namespace mqueue::history
