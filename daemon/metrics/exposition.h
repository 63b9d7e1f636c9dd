#ifndef DAEMON_METRICS_EXPOSITION_H_
#define DAEMON_METRICS_EXPOSITION_H_

#include <prometheus/collectable.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/metrics/exporter_metrics.h"
#include "daemon/metrics/format.h"
#include "daemon/metrics/namespace_families.h"
#include "daemon/metrics/queue_limit.h"
#include "daemon/queue/round.h"

namespace mqueue::metrics {

/// Renders /metrics in both formats, once a round and not once a scrape.
///
/// Thread safety: one caller at a time, on any thread. What `self` counts meanwhile on other threads is safe.
class Exposition {
 public:
  /// Takes a complete text. Called once per format; the second text is made after the first was taken, so that a callee
  /// that frees the previous text of a format keeps memory low.
  using Publish = std::function<void(Format format, std::string text)>;

  /// `self`, not null, gets each round's report and what was left out. `others` are exposed behind it, in this order.
  Exposition(std::shared_ptr<ExporterMetrics> self, std::vector<std::shared_ptr<const prometheus::Collectable>> others);

  /// Queues whose look failed because they are gone do not appear.
  void Render(const Round& round, const Publish& publish);

 private:
  QueueLimit limit_;
  std::shared_ptr<ExporterMetrics> self_;
  std::vector<std::shared_ptr<const prometheus::Collectable>> others_;
  // What the next round will need is about what the last one did.
  std::size_t last_queues_size_ = 0;
  std::size_t last_size_ = 0;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_EXPOSITION_H_
