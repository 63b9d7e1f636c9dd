#ifndef DAEMON_READER_SYSCALL_READER_H_
#define DAEMON_READER_SYSCALL_READER_H_

#include <memory>
#include <utility>

#include "daemon/reader/peek_look.h"
#include "daemon/reader/probe_context.h"
#include "daemon/reader/reader.h"

namespace mqueue::reader {

/// POSIX queues message by message, by mq_timedreceive2(2) with MQ_PEEK; see PeekLook. The kernel must have the call.
class SyscallReader final : public Reader {
 public:
  /// Looks at no more than `max_messages` of a queue.
  SyscallReader(std::shared_ptr<const os::MqueueDirectory> directory, std::uint64_t max_messages,
                const MessageDigest& digest, Clock clock)
      : look_(ReaderKind::kSyscall, os::PeekBySyscall, std::move(directory), max_messages, digest, std::move(clock)) {}

  /// Whether it works on the running kernel.
  static Support Probe(const ProbeContext& context);

  ReaderKind kind() const override { return ReaderKind::kSyscall; }
  std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, RoundContext& context) override;

 private:
  PeekLook look_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_SYSCALL_READER_H_
