#ifndef DAEMON_READER_READER_H_
#define DAEMON_READER_READER_H_

#include <optional>
#include <span>
#include <vector>

#include "daemon/queue/look.h"
#include "daemon/queue/queue_ref.h"
#include "daemon/reader/round_context.h"

namespace mqueue::reader {

/// One way of looking into queues without consuming a message. A reader works a batch at a time: most go from queue to
/// queue, one that sees the whole host in a pass answers for all of them from it. Thread-safe: several batches may be
/// looked at at once.
class Reader {
 public:
  virtual ~Reader() = default;

  virtual ReaderKind kind() const = 0;

  /// Whether it can look into the queues of IPC namespaces other than the daemon's.
  virtual bool ReachesOtherNamespaces() const { return false; }

  /// One entry for each of `queues`, in their order: what the look showed, or why it showed nothing. An entry without a
  /// value was not looked at because the budget was spent before its turn. Every queue is of a
  /// kind that kind() serves and of a namespace that this reader reaches. No descriptor is open when it returns, and no
  /// queue is changed.
  virtual std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, RoundContext& context) = 0;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_READER_H_
