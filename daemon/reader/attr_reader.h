#ifndef DAEMON_READER_ATTR_READER_H_
#define DAEMON_READER_ATTR_READER_H_

#include <memory>

#include "daemon/os/mqueue_directory.h"
#include "daemon/reader/probe_context.h"
#include "daemon/reader/reader.h"

namespace mqueue::reader {

/// POSIX queues on any kernel: depth and limits by mq_getattr(3), owner and last change by fstat(2). The queue is
/// opened for reading, so its permissions must allow that, and closed before the next one is opened. It does not know
/// the bytes queued: only read(2) of the queue's file tells them, and that would stamp the queue's times.
class AttrReader final : public Reader {
 public:
  AttrReader(std::shared_ptr<const os::MqueueDirectory> directory, Clock clock)
      : directory_(std::move(directory)), clock_(std::move(clock)) {}

  /// Whether it works on the running kernel.
  static Support Probe(const ProbeContext& context);

  ReaderKind kind() const override { return ReaderKind::kAttr; }
  std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, RoundContext& context) override;

 private:
  Look LookAtOne(const QueueRef& queue) const;

  std::shared_ptr<const os::MqueueDirectory> directory_;
  Clock clock_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_ATTR_READER_H_
