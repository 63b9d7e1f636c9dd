#ifndef DAEMON_METRICS_EXPOSITION_H_
#define DAEMON_METRICS_EXPOSITION_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "daemon/metrics/exporter_metrics.h"
#include "daemon/metrics/format.h"
#include "daemon/metrics/namespace_families.h"
#include "daemon/metrics/queue_labels.h"
#include "daemon/metrics/queue_limit.h"
#include "daemon/metrics/series_limits.h"
#include "daemon/queue/queue_state.h"
#include "daemon/queue/round_report.h"

namespace mqueue::metrics {

struct ExpositionOptions {
  /// limits.max_queues: queues with series of their own.
  std::size_t max_queues = 1000;
  SeriesLimits series;
};

/// What a round brought. Views: used during the call only.
struct RoundResult {
  std::span<const QueueState> queues;
  std::span<const NamespaceUsage> namespaces;
  std::span<const NamespaceResident> residents;
  RoundReport report;
};

/// Renders /metrics in both formats, once a round and not once a scrape.
///
/// Thread safety: one caller at a time, on any thread. What `self` counts meanwhile on other threads is safe.
class Exposition {
 public:
  /// Takes a complete text. Called once for each format, and the second one is rendered after the first was taken: who
  /// gives up the old text of a format here never holds more than one text too many.
  using Publish = std::function<void(Format format, std::string text)>;

  /// `self`, not null, gets each round's report and what was left out. `others` are exposed behind it, in this order.
  Exposition(const ExpositionOptions& options, std::shared_ptr<ExporterMetrics> self,
             std::vector<std::shared_ptr<const prometheus::Collectable>> others);

  /// Other options from the next Render on: a reload.
  void Configure(const ExpositionOptions& options);

  /// Queues whose look failed because they are gone do not appear.
  void Render(const RoundResult& round, const Publish& publish);

 private:
  std::string Text(Format format, const Selection& selection, const RoundResult& round,
                   std::span<const prometheus::MetricFamily> families) const;

  SeriesLimits series_;
  QueueLimit limit_;
  std::shared_ptr<ExporterMetrics> self_;
  std::vector<std::shared_ptr<const prometheus::Collectable>> others_;
  QueueLabelTexts labels_;
  /// The size of the last text: the next will be about as long.
  std::size_t last_size_ = 0;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_EXPOSITION_H_
