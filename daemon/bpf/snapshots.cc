#include "daemon/bpf/snapshots.h"

#include <algorithm>
#include <optional>

namespace mqueue::bpf {
namespace {

constexpr std::uint32_t kPermissions = 0777;

// What makes a message this one: where it lies, what it is, and a hash of how its payload begins.
std::uint64_t Identity(std::uint64_t address, std::uint64_t value, std::uint64_t size, std::uint64_t digest) {
  std::uint64_t hash = 0;
  for (const std::uint64_t part : {address, value, size, digest}) {
    hash = (hash ^ part) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 32;
  }
  return hash;
}

// No two messages of one look have the same address, so the head has no twin.
HeadMark MarkOf(const BpfQueueRecord& queue) {
  return {.identity = Identity(queue.head, queue.head_value, queue.head_size, queue.head_digest)};
}

// Times are 0 when it never happened.
std::optional<std::chrono::seconds> UnlessNever(std::int64_t time) {
  if (time == 0) return std::nullopt;
  return std::chrono::seconds(time);
}

std::vector<PriorityGroup> Groups(const WalkedQueue& queue) {
  std::vector<PriorityGroup> groups;
  groups.reserve(queue.groups.size());
  for (const Group& group : queue.groups) {
    groups.push_back({.value = group.value, .messages = group.messages, .bytes = group.bytes, .head_age = {}});
  }
  return groups;
}

void AddPosix(const BpfQueueRecord& queue, const BpfTotals& totals, QueueSnapshot& snapshot) {
  snapshot.messages_limit = queue.messages_limit;
  snapshot.message_size_limit = queue.message_size_limit;
  snapshot.last_changed = std::chrono::seconds(totals.changed);
}

void AddSysv(const BpfQueueRecord& queue, const BpfTotals& totals, const Space& space, QueueSnapshot& snapshot) {
  snapshot.bytes_limit = queue.bytes_limit;
  snapshot.message_size_limit = std::min(space.sysv_message_size_limit, std::uint64_t{queue.bytes_limit});
  snapshot.last_sent = UnlessNever(totals.sent);
  snapshot.last_received = UnlessNever(totals.received);
  snapshot.last_receiver_pid = queue.last_receiver_pid;
}

}  // namespace

QueueSnapshot RestlessSnapshot(const WalkedQueue& queue, const Space& space, const Instant& now) {
  const BpfQueueRecord& record = queue.record;
  const BpfTotals& totals = record.complete == 1 ? record.after : record.before;
  QueueSnapshot snapshot{.reader = ReaderKind::kBpf,
                         .looked_at = now,
                         .messages = totals.messages,
                         .bytes = totals.bytes,
                         .ownership = Ownership{record.uid, record.gid, record.mode & kPermissions},
                         .inconsistent = true};
  if (record.senders_known == 1) snapshot.waiting_senders = record.waiting_senders;
  if (record.receivers_known == 1) snapshot.waiting_receivers = record.waiting_receivers;
  if (record.kind == kBpfPosix) {
    AddPosix(record, totals, snapshot);
  } else {
    AddSysv(record, totals, space, snapshot);
  }
  return snapshot;
}

QueueSnapshot SettledSnapshot(const WalkedQueue& queue, const Space& space, const Instant& now) {
  QueueSnapshot snapshot = RestlessSnapshot(queue, space, now);
  snapshot.inconsistent = false;
  snapshot.groups = Groups(queue);
  snapshot.truncated = false;
  if (!queue.groups.empty()) {
    snapshot.head_priority = queue.record.head_value;
    snapshot.head_mark = MarkOf(queue.record);
  }
  return snapshot;
}

}  // namespace mqueue::bpf
