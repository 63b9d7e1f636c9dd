#ifndef DAEMON_METRICS_EXPORTER_METRICS_H_
#define DAEMON_METRICS_EXPORTER_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/queue/look.h"
#include "daemon/queue/queue_snapshot.h"
#include "daemon/queue/round_report.h"

namespace mqueue::metrics {

/// The labels of mqueue_exporter_build_info; what is not known is empty.
struct BuildInfo {
  std::string version;
  std::string revision;
  std::string compiler;
};

/// What the exporter says about itself: every mqueue_exporter_* metric, in prometheus-cpp's data model.
///
/// Thread safety: every method may be called from any thread at any time, unless it says otherwise.
class ExporterMetrics final : public prometheus::Collectable {
 public:
  explicit ExporterMetrics(const BuildInfo& build);

  /// A round of looks has ended: sets the gauges and adds to the counters.
  void RoundDone(const RoundReport& report);

  /// What the last exposition left out: queues beyond limits.max_queues, and single series beyond other caps.
  void SetOmitted(std::uint64_t queues, std::uint64_t series);

  /// Whether this kernel, with the rights that the daemon has, serves a reader.
  void SetReaderSupported(ReaderKind reader, bool supported);

  /// Whether the limit of open files allows fewer connections than the flags.
  void SetConnectionsLimited(bool limited);

  /// The configuration was loaded (at start or at a reload), or was refused and the old one stays in force.
  /// `realtime` is the moment as Unix time.
  void ReloadDone(bool successful, std::chrono::nanoseconds realtime);

  /// How many log lines were dropped since the start; never less than at the call before. One thread at a time.
  void SetLogLinesDropped(std::uint64_t lines);

  /// The files of the web configuration were read: at start, or after a change. Never called without one.
  void WebReloadDone(bool successful);

  /// An HTTP request was answered. `handler` is one of a few fixed names, never the path that a client sent.
  void RequestServed(std::string_view handler, unsigned code);

  /// All families, the series of each ordered by labels.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  using GaugeFamily = prometheus::Family<prometheus::Gauge>;
  using CounterFamily = prometheus::Family<prometheus::Counter>;

  prometheus::Registry registry_;
  GaugeFamily& queues_;
  GaugeFamily& skipped_;
  prometheus::Gauge& series_dropped_;
  CounterFamily& rounds_abandoned_;
  CounterFamily& look_errors_;
  prometheus::Counter& looks_;
  GaugeFamily& round_duration_;
  GaugeFamily& last_round_;
  GaugeFamily& round_stretch_;
  GaugeFamily& reader_supported_;
  GaugeFamily& reload_successful_;
  GaugeFamily& reload_success_time_;
  prometheus::Counter& log_lines_dropped_;
  GaugeFamily& web_reload_successful_;
  CounterFamily& requests_;
  prometheus::Gauge& connections_limited_;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_EXPORTER_METRICS_H_
