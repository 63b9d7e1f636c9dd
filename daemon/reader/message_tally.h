#ifndef DAEMON_READER_MESSAGE_TALLY_H_
#define DAEMON_READER_MESSAGE_TALLY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "daemon/queue/queue_snapshot.h"
#include "daemon/reader/message_digest.h"

namespace mqueue::reader {

/// What the messages of one queue add up to.
struct MessagesSeen {
  /// By type or priority, lowest first.
  std::vector<PriorityGroup> groups;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> head_value;
  std::optional<HeadMark> head_mark;
};

/// Adds up messages as a walk in receive order copies them. Keeps no payload. Not thread-safe.
class MessageTally {
 public:
  explicit MessageTally(const MessageDigest& digest) : digest_(digest) {}

  /// The message at `index`, 0 being the head; indices rise, and may leave out what could not be copied. `value` is its
  /// SysV type or POSIX priority.
  void Add(std::uint64_t index, std::uint64_t value, std::span<const std::byte> payload);

  /// The sums; nothing is to be added after that.
  MessagesSeen Finish();

 private:
  void MarkHead(std::uint64_t index, std::uint64_t value, std::span<const std::byte> payload);

  const MessageDigest& digest_;
  std::map<std::uint64_t, PriorityGroup> groups_;
  // The group of the message before: the next one is mostly of the same.
  PriorityGroup* group_ = nullptr;
  MessagesSeen seen_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_MESSAGE_TALLY_H_
