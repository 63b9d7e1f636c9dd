#ifndef DAEMON_READER_LADDER_H_
#define DAEMON_READER_LADDER_H_

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "daemon/queue/look.h"
#include "daemon/queue/queue_policy.h"
#include "daemon/reader/reader.h"

namespace mqueue::reader {

/// Chooses the reader for each queue: the one its policy forces, else the best that works. Thread-safe.
class Ladder {
 public:
  /// `readers`, best first, are those that the running kernel serves.
  explicit Ladder(std::vector<std::unique_ptr<Reader>> readers) : readers_(std::move(readers)) {}

  /// One entry for each of `queues`, in their order, as Reader::LookAt. A queue that a reader may not or cannot read is
  /// handed down to the next; only when none is left is the look a failure, the first reader's. A queue that is gone is
  /// gone for every reader. A look that a lower reader did says in `handed_down` why. A forced reader that does not
  /// serve the queue's kind is as if it were not forced.
  std::vector<std::optional<Look>> LookAt(std::span<const WatchedQueue> queues, RoundContext& context) const;

 private:
  std::vector<std::unique_ptr<Reader>> readers_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_LADDER_H_
