#ifndef DAEMON_METRICS_QUEUE_COLLECTABLE_H_
#define DAEMON_METRICS_QUEUE_COLLECTABLE_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <functional>
#include <memory>
#include <vector>

#include "daemon/queue/round.h"

namespace mqueue::metrics {

/// The per-queue families in prometheus-cpp's data model, for a program that has an Exposer of its own. The daemon does
/// not need it: its Exposition writes the same series without building a model first.
///
/// prometheus-cpp knows no gauge histogram: its three parts come as untyped families, as in text 0.0.4.
class QueueCollectable final : public prometheus::Collectable {
 public:
  /// The states of the last round. Called by each Collect, so its thread safety is that of Collect.
  using Source = std::function<std::vector<std::shared_ptr<const QueueState>>()>;

  QueueCollectable(Source source, const RoundSettings& settings);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  Source source_;
  RoundSettings settings_;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_QUEUE_COLLECTABLE_H_
