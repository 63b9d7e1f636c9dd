#ifndef DAEMON_METRICS_PROCESS_METRICS_H_
#define DAEMON_METRICS_PROCESS_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <filesystem>
#include <vector>

namespace mqueue::metrics {

/// The usual process_* metrics, read from /proc/self at each Collect. A file that cannot be read leaves its metrics
/// out.
///
/// Thread safety: Collect may be called from any thread at any time.
class ProcessMetrics final : public prometheus::Collectable {
 public:
  /// `proc` is where procfs is mounted.
  explicit ProcessMetrics(std::filesystem::path proc = "/proc");

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  std::filesystem::path proc_;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_PROCESS_METRICS_H_
