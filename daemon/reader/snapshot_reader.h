#ifndef DAEMON_READER_SNAPSHOT_READER_H_
#define DAEMON_READER_SNAPSHOT_READER_H_

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "daemon/os/mqueue_directory.h"
#include "daemon/os/posix_peek.h"
#include "daemon/reader/probe_context.h"
#include "daemon/reader/reader.h"

namespace mqueue::reader {

/// POSIX queues by MQ_IOC_SNAPSHOT, on a kernel that has it: what attr knows, and depth and bytes by priority, the
/// kernel's own ages, what was ever sent and received, and who waits. It costs as many steps as there are priorities in
/// use, whatever the number of messages, and copies none. The queue's permissions must allow reading.
///
/// One call shows one moment; where a queue has too many priorities for one call, and moved between the calls again and
/// again, `truncated` is set and the totals are still of one moment.
class SnapshotReader final : public Reader {
 public:
  SnapshotReader(std::shared_ptr<const os::MqueueDirectory> directory, Clock clock)
      : directory_(std::move(directory)), clock_(std::move(clock)) {}

  /// Whether it works on the running kernel.
  static Support Probe(const ProbeContext& context);

  ReaderKind kind() const override { return ReaderKind::kSnapshot; }
  std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, RoundContext& context) override;

 private:
  Look LookAtOne(const QueueRef& queue, std::span<mq_snapshot_entry> room) const;

  std::shared_ptr<const os::MqueueDirectory> directory_;
  Clock clock_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_SNAPSHOT_READER_H_
