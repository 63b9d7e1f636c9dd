#ifndef DAEMON_QUEUE_QUEUE_SNAPSHOT_H_
#define DAEMON_QUEUE_QUEUE_SNAPSHOT_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/queue/instant.h"
#include "daemon/queue/reader_kind.h"

namespace mqueue {

/// Who owns a queue and who may open it.
struct Ownership {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  /// Permission bits only, 0 to 0777.
  std::uint32_t mode = 0;

  bool operator==(const Ownership&) const = default;
};

/// The messages of one priority (POSIX) or one type (SysV).
struct PriorityGroup {
  /// Priority, 0 to 32767, or mtype, 1 to LONG_MAX.
  std::uint64_t value = 0;
  std::uint64_t messages = 0;
  /// Payload bytes, where the reader knows them.
  std::optional<std::uint64_t> bytes;
  /// Since the first message of the group was queued, where the kernel tells.
  std::optional<std::chrono::nanoseconds> head_age;

  bool operator==(const PriorityGroup&) const = default;
};

/// What identifies the message at the head among the messages of one look. Different marks are different messages.
/// Equal marks in two looks are the same message only if nothing was sent in between: a sender may send the same bytes
/// again, and the kernel may place them at the same address.
struct HeadMark {
  /// A keyed hash of type, size and payload, or another identity that the reader has. Never exported.
  std::uint64_t identity = 0;
  /// Messages with that identity among those read, including the head.
  std::uint64_t twins = 1;

  bool operator==(const HeadMark&) const = default;
};

/// What one look at one queue showed. A member without a value is something that this reader cannot know; it is never
/// guessed.
struct QueueSnapshot {
  ReaderKind reader = ReaderKind::kAttr;
  /// When the look began.
  Instant looked_at;
  /// CLOCK_BOOTTIME when the messages had been read, for readers that take an instant for it; 0 otherwise. What is in
  /// this snapshot had been sent by then, which looked_at does not promise.
  std::chrono::nanoseconds read_by{};
  /// Why a better reader that serves this queue could not look; empty when `reader` was the first choice.
  std::string handed_down;

  std::uint64_t messages = 0;
  std::optional<std::uint64_t> messages_limit;
  std::optional<std::uint64_t> bytes;
  std::optional<std::uint64_t> bytes_limit;
  /// The largest message that the queue takes, in bytes.
  std::optional<std::uint64_t> message_size_limit;
  std::optional<Ownership> ownership;

  /// POSIX: priorities in use, highest first. SysV: types in use, lowest first. Present and empty for an empty queue.
  std::optional<std::vector<PriorityGroup>> groups;
  /// Whether `groups` covers only some of the messages: because the reader has a bound, or because messages were
  /// received under its hands. Absent where neither can happen.
  std::optional<bool> truncated;
  /// Indices, in receive order, of messages that the reader met but could not copy; they are in `messages` and not in
  /// `groups`.
  std::vector<std::uint64_t> uncopied;
  /// The queue did not hold still for a reader that takes no lock: what several reads would have to agree on is absent.
  bool inconsistent = false;

  /// Priority or type of the message that the next receive returns. Absent when the queue is empty.
  std::optional<std::uint64_t> head_priority;
  /// Ages that the kernel itself tells.
  std::optional<std::chrono::nanoseconds> head_age;
  std::optional<std::chrono::nanoseconds> oldest_age;
  /// What `history` recognises the head by, where the kernel tells no age.
  std::optional<HeadMark> head_mark;

  /// Messages accepted and handed out since the queue was created.
  std::optional<std::uint64_t> sent;
  std::optional<std::uint64_t> received;
  /// Tasks blocked on the queue.
  std::optional<std::uint64_t> waiting_senders;
  std::optional<std::uint64_t> waiting_receivers;

  // The kernel cuts all of these to whole seconds of Unix time: what happened did so within the second that begins
  // there.
  /// POSIX: no message has gone in or out since (the inode's ctime, which unlike its mtime cannot be set).
  std::optional<std::chrono::seconds> last_changed;
  /// SysV: msg_stime and msg_rtime. Absent when there was none.
  std::optional<std::chrono::seconds> last_sent;
  std::optional<std::chrono::seconds> last_received;
  /// SysV: msg_lrpid, 0 when nobody has received.
  std::optional<std::int32_t> last_receiver_pid;
};

}  // namespace mqueue

#endif  // DAEMON_QUEUE_QUEUE_SNAPSHOT_H_
