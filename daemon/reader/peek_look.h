#ifndef DAEMON_READER_PEEK_LOOK_H_
#define DAEMON_READER_PEEK_LOOK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "daemon/os/mqueue_directory.h"
#include "daemon/os/posix_peek.h"
#include "daemon/queue/look.h"
#include "daemon/queue/queue_ref.h"
#include "daemon/reader/cpu_budget.h"
#include "daemon/reader/message_digest.h"

namespace mqueue::reader {

/// One look at a POSIX queue by peeking at its messages, whatever the call that peeks: what attr knows, priorities,
/// bytes by priority and a mark of the head, of at most `max_messages`. The depth is the queue's own; its bytes are
/// known when all messages were seen. Immutable, so thread-safe.
///
/// The walk holds no lock between two messages. When the queue changed meanwhile it is walked again, a few times; a
/// queue that never holds still is shown with what the last walk saw, and `truncated` when that were fewer messages
/// than there are.
class PeekLook {
 public:
  PeekLook(ReaderKind kind, std::function<os::Peek> peek, std::shared_ptr<const os::MqueueDirectory> directory,
           std::uint64_t max_messages, const MessageDigest& digest, Clock clock)
      : kind_(kind),
        peek_(std::move(peek)),
        directory_(std::move(directory)),
        max_messages_(max_messages),
        clock_(std::move(clock)),
        digest_(digest) {}

  Look operator()(const QueueRef& queue, CpuMeter& meter) const;

 private:
  ReaderKind kind_;
  std::function<os::Peek> peek_;
  std::shared_ptr<const os::MqueueDirectory> directory_;
  std::uint64_t max_messages_;
  Clock clock_;
  MessageDigest digest_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_PEEK_LOOK_H_
