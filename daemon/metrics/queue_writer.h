#ifndef DAEMON_METRICS_QUEUE_WRITER_H_
#define DAEMON_METRICS_QUEUE_WRITER_H_

#include <span>

#include "daemon/metrics/exposition_writer.h"
#include "daemon/metrics/queue_labels.h"
#include "daemon/queue/round.h"

namespace mqueue::metrics {

/// Appends every per-queue family that has a series. `labels` were assigned from the same `queues`.
///
/// A gauge histogram is one family in OpenMetrics. Text 0.0.4 has no such type: there its `_bucket`, `_gcount` and
/// `_gsum` are three families, each `untyped`, with the same series and values.
void WriteQueueFamilies(std::span<const QueueState* const> queues, const QueueLabelTexts& labels,
                        const RoundSettings& settings, ExpositionWriter& writer);

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_QUEUE_WRITER_H_
