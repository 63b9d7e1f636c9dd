#ifndef DAEMON_READER_MSG_COPY_READER_H_
#define DAEMON_READER_MSG_COPY_READER_H_

#include "daemon/os/sysv_queue.h"
#include "daemon/reader/message_digest.h"
#include "daemon/reader/probe_context.h"
#include "daemon/reader/reader.h"

namespace mqueue::reader {

/// SysV queues message by message, by msgrcv(2) with MSG_COPY: what msg_stat knows, and types, bytes by type and a mark
/// of the head. The queue's permissions must allow reading. The kernel needs CONFIG_CHECKPOINT_RESTORE.
///
/// The walk holds no lock between two messages. When the queue changed meanwhile it is walked again, a few times; a
/// queue that never holds still is shown with what the last walk saw and `truncated` set.
class MsgCopyReader final : public Reader {
 public:
  /// Looks at no more than `max_messages` of a queue.
  MsgCopyReader(std::uint64_t max_messages, const MessageDigest& digest, Clock clock)
      : max_messages_(max_messages), clock_(std::move(clock)), digest_(digest) {}

  /// Whether it works on the running kernel.
  static Support Probe(const ProbeContext& context);

  ReaderKind kind() const override { return ReaderKind::kMsgCopy; }
  std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, RoundContext& context) override;

 private:
  Look LookAtOne(const QueueRef& queue, std::uint64_t largest_message, CpuMeter& meter) const;

  std::uint64_t max_messages_;
  Clock clock_;
  MessageDigest digest_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_MSG_COPY_READER_H_
