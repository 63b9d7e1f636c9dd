#ifndef DAEMON_METRICS_QUEUE_SERIES_H_
#define DAEMON_METRICS_QUEUE_SERIES_H_

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/metrics/exposition_writer.h"
#include "daemon/metrics/queue_families.h"
#include "daemon/queue/round.h"

namespace mqueue::metrics {

/// The per-queue series of one round, rendered once for both formats: a series is the same line in both, only the order
/// of the lines and the comments between them differ.
class QueueSeries {
 public:
  /// Renders the series. `queues` is used during the call only. `expected_size` is about how many bytes they will have.
  QueueSeries(std::span<const QueueState* const> queues, const RoundSettings& settings, std::size_t expected_size = 0);

  /// Appends every family that has a series.
  ///
  /// A gauge histogram is one family in OpenMetrics. Text 0.0.4 has no such type: there its `_bucket`, `_gcount` and
  /// `_gsum` are three families, each `untyped`, with the same series and values.
  void Write(ExpositionWriter& writer) const;

  /// Bytes of all lines.
  std::size_t size() const { return lines_.size(); }

 private:
  // Where the lines of one queue's `_bucket`, `_gcount` and `_gsum` end.
  using PartEnds = std::array<std::size_t, 3>;
  // The lines of one family.
  struct Block {
    const QueueFamily* family;
    std::size_t begin;
    std::size_t end;
    // Of a gauge histogram: a range of part_ends_, one element per queue.
    std::size_t first_queue;
    std::size_t queues;
  };

  std::string_view Lines(std::size_t begin, std::size_t end) const;
  void WriteParts(const Block& block, ExpositionWriter& writer) const;

  std::string lines_;
  std::vector<Block> blocks_;
  std::vector<PartEnds> part_ends_;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_QUEUE_SERIES_H_
