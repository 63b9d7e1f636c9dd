#include "daemon/reader/sysv_snapshot.h"

#include <algorithm>

namespace mqueue::reader {
namespace {

// msg_stime and msg_rtime are 0 when it never happened.
std::optional<std::chrono::seconds> UnlessNever(std::chrono::seconds time) {
  if (time.count() == 0) return std::nullopt;
  return time;
}

}  // namespace

QueueSnapshot SysvSnapshot(ReaderKind reader, const Instant& now, const os::SysvStatus& status,
                           std::optional<std::uint64_t> largest_message) {
  QueueSnapshot snapshot{.reader = reader,
                         .looked_at = now,
                         .messages = status.messages,
                         .bytes = status.bytes,
                         .bytes_limit = status.bytes_limit,
                         .ownership = status.ownership,
                         .last_sent = UnlessNever(status.last_sent),
                         .last_received = UnlessNever(status.last_received),
                         .last_receiver_pid = status.last_receiver_pid};
  if (largest_message) snapshot.message_size_limit = std::min(*largest_message, status.bytes_limit);
  return snapshot;
}

std::optional<std::uint64_t> LargestSysvMessage() {
  const auto info = os::GetSysvInfo();
  if (!info) return std::nullopt;
  return info->message_size_limit;
}

}  // namespace mqueue::reader
