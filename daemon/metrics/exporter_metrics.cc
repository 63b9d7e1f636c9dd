#include "daemon/metrics/exporter_metrics.h"

#include <algorithm>

#include "daemon/metrics/number.h"

namespace mqueue::metrics {
namespace {

prometheus::Family<prometheus::Gauge>& AddGauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

prometheus::Family<prometheus::Counter>& AddCounter(prometheus::Registry& registry, const char* name,
                                                    const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

template <typename Key>
double CountOf(const std::map<Key, std::uint64_t>& counts, Key key) {
  const auto count = counts.find(key);
  return count == counts.end() ? 0 : static_cast<double>(count->second);
}

}  // namespace

ExporterMetrics::ExporterMetrics(const BuildInfo& build)
    : queues_(AddGauge(registry_, "mqueue_exporter_queues", "Queues that are watched, by kind.")),
      skipped_(
          AddGauge(registry_, "mqueue_exporter_queues_skipped",
                   "Queues without fresh series of their own in the last round: excluded by the configuration, "
                   "beyond limits.max_queues (limit), put off to the next round by peek.cpu_budget (budget), not read "
                   "before the round ended (late), or not reached by the eBPF walk (walk_limit; an IPC namespace "
                   "counts as one).")),
      series_dropped_(
          AddGauge(registry_, "mqueue_exporter_series_dropped",
                   "Series of mqueue_priority_messages that exact_priorities.max left out of the last round.")
              .Add({})),
      rounds_abandoned_(AddCounter(
          registry_, "mqueue_exporter_rounds_abandoned_total",
          "Rounds that were given up, by reason; the queues are shown as they were. discovery: listing the queues did "
          "not return in time; looks: every look thread was still busy with an earlier round; rendering: rendering the "
          "metrics did not return in time.")),
      look_errors_(
          AddCounter(registry_, "mqueue_exporter_look_errors_total",
                     "Looks at a queue that brought nothing, by reason; inconsistent: looks by BPF that had depth and "
                     "limits but no messages, which did not hold still; uncopied: single messages that could not "
                     "be copied in a look that else worked.")),
      looks_(AddCounter(registry_, "mqueue_exporter_looks_total", "Looks at a queue, whether they worked or not.")
                 .Add({})),
      round_duration_(AddGauge(registry_, "mqueue_exporter_round_duration_seconds",
                               "How long the last round of discovery and looks took.")),
      last_round_(AddGauge(registry_, "mqueue_exporter_last_round_timestamp_seconds",
                           "When the last round ended, Unix time. Far in the past: what is exposed is stale.")),
      round_stretch_(AddGauge(registry_, "mqueue_exporter_round_stretch_seconds",
                              "How much later than its interval the last round began, because discovery, looks and "
                              "rendering had used more CPU time than peek.cpu_budget allows; 0 within the budget.")),
      reader_supported_(AddGauge(registry_, "mqueue_exporter_reader_supported",
                                 "Whether this kernel and the rights of the exporter serve a way of reading queues.")),
      reload_successful_(AddGauge(registry_, "mqueue_exporter_config_last_reload_successful",
                                  "Whether the last attempt to load the configuration worked.")),
      reload_success_time_(AddGauge(registry_, "mqueue_exporter_config_last_reload_success_timestamp_seconds",
                                    "When the configuration in force was loaded, Unix time.")),
      log_lines_dropped_(
          AddCounter(registry_, "mqueue_exporter_log_lines_dropped_total",
                     "Log lines dropped up to the last round because stderr was not read, or could not be written to.")
              .Add({})),
      web_reload_successful_(AddGauge(registry_, "mqueue_exporter_web_config_last_reload_successful",
                                      "Whether the web configuration and its certificates are in force as the files "
                                      "have them; 0: a certificate was not reloaded, or the file is refused and every "
                                      "request is answered 500. Absent without a web configuration.")),
      requests_(AddCounter(registry_, "mqueue_exporter_http_requests_total",
                           "HTTP requests answered up to the last round, by handler and status code.")),
      connections_limited_(
          AddGauge(registry_, "mqueue_exporter_descriptors_limit_connections",
                   "1 when the limit of open files (RLIMIT_NOFILE) lowers the number of connections that "
                   "--web.max-connections allows, otherwise 0; the log of the start has both numbers.")
              .Add({})) {
  AddGauge(registry_, "mqueue_exporter_build_info", "What was built, and how. Always 1.")
      .Add({{"version", build.version}, {"revision", build.revision}, {"compiler", build.compiler}})
      .Set(1);
  for (const LookErrorReason reason : kLookErrorReasons) look_errors_.Add({{"reason", std::string(ToString(reason))}});
  for (const AbandonReason reason : kAbandonReasons) {
    rounds_abandoned_.Add({{"reason", std::string(ToString(reason))}});
  }
  for (const Ipc ipc : {Ipc::kPosix, Ipc::kSysv}) queues_.Add({{"ipc", std::string(ToString(ipc))}});
  for (const char* reason : {"excluded", "limit", "budget", "late", "walk_limit"}) skipped_.Add({{"reason", reason}});
}

void ExporterMetrics::RoundDone(const RoundReport& report) {
  for (const Ipc ipc : {Ipc::kPosix, Ipc::kSysv}) {
    queues_.Add({{"ipc", std::string(ToString(ipc))}}).Set(CountOf(report.queues, ipc));
  }
  for (const LookErrorReason reason : kLookErrorReasons) {
    look_errors_.Add({{"reason", std::string(ToString(reason))}}).Increment(CountOf(report.errors, reason));
  }
  for (const AbandonReason reason : kAbandonReasons) {
    rounds_abandoned_.Add({{"reason", std::string(ToString(reason))}}).Increment(CountOf(report.abandoned, reason));
  }
  skipped_.Add({{"reason", "excluded"}}).Set(static_cast<double>(report.excluded));
  skipped_.Add({{"reason", "budget"}}).Set(static_cast<double>(report.over_budget));
  skipped_.Add({{"reason", "late"}}).Set(static_cast<double>(report.late));
  skipped_.Add({{"reason", "walk_limit"}}).Set(static_cast<double>(report.beyond_walk));
  looks_.Increment(static_cast<double>(report.looks));
  round_duration_.Add({}).Set(ToSeconds(report.duration));
  round_stretch_.Add({}).Set(ToSeconds(report.stretch));
  last_round_.Add({}).Set(ToSeconds(report.finished.realtime));
}

void ExporterMetrics::SetOmitted(std::uint64_t queues, std::uint64_t series) {
  skipped_.Add({{"reason", "limit"}}).Set(static_cast<double>(queues));
  series_dropped_.Set(static_cast<double>(series));
}

void ExporterMetrics::SetReaderSupported(ReaderKind reader, bool supported) {
  reader_supported_.Add({{"reader", std::string(ToString(reader))}}).Set(supported ? 1 : 0);
}

void ExporterMetrics::SetConnectionsLimited(bool limited) { connections_limited_.Set(limited ? 1 : 0); }

void ExporterMetrics::ReloadDone(bool successful, std::chrono::nanoseconds realtime) {
  reload_successful_.Add({}).Set(successful ? 1 : 0);
  if (successful) reload_success_time_.Add({}).Set(ToSeconds(realtime));
}

void ExporterMetrics::SetLogLinesDropped(std::uint64_t lines) {
  log_lines_dropped_.Increment(static_cast<double>(lines) - log_lines_dropped_.Value());
}

void ExporterMetrics::WebReloadDone(bool successful) { web_reload_successful_.Add({}).Set(successful ? 1 : 0); }

void ExporterMetrics::RequestServed(std::string_view handler, unsigned code) {
  requests_.Add({{"handler", std::string(handler)}, {"code", std::to_string(code)}}).Increment();
}

std::vector<prometheus::MetricFamily> ExporterMetrics::Collect() const {
  std::vector<prometheus::MetricFamily> families = registry_.Collect();
  for (prometheus::MetricFamily& family : families) {
    std::ranges::sort(family.metric, {}, &prometheus::ClientMetric::label);
  }
  return families;
}

}  // namespace mqueue::metrics
