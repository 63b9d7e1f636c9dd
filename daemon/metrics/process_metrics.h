#ifndef DAEMON_METRICS_PROCESS_METRICS_H_
#define DAEMON_METRICS_PROCESS_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <string>
#include <vector>

namespace mqueue::metrics {

/// The usual process_* metrics, read from procfs at each Collect. Metrics whose file cannot be read are left out.
///
/// Thread safety: Collect may be called from any thread at any time.
class ProcessMetrics final : public prometheus::Collectable {
 public:
  /// `procfs` is where procfs is mounted.
  explicit ProcessMetrics(std::string procfs);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  std::string procfs_;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_PROCESS_METRICS_H_
