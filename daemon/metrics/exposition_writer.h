#ifndef DAEMON_METRICS_EXPOSITION_WRITER_H_
#define DAEMON_METRICS_EXPOSITION_WRITER_H_

#include <span>
#include <string>
#include <string_view>

#include "daemon/metrics/format.h"
#include "daemon/metrics/series.h"

namespace mqueue::metrics {

/// Appends `name="value"` to a label text, with a comma where one is needed; `value` may be any bytes.
void AppendLabel(std::string_view name, std::string_view value, std::string& labels);

/// Appends one series as a line, the same in both formats. `labels` is a label text made with AppendLabel; `extra`
/// follows it.
void AppendSeries(std::string_view name, std::string_view labels, std::span<const LabelPair> extra,
                  const SampleValue& value, std::string& out);

/// Appends an exposition to a string, in one format. Sources: "Exposition formats" of the Prometheus documentation
/// (text 0.0.4) and the OpenMetrics specification 1.0.0.
///
/// The caller keeps a family's series together and, for OpenMetrics, the series of one queue within it; metric and
/// label names are valid. Every text that comes from outside is escaped here.
class ExpositionWriter {
 public:
  /// `out` outlives the writer.
  ExpositionWriter(Format format, std::string& out) : format_(format), out_(out) {}

  Format format() const { return format_; }

  /// Begins a family: HELP, TYPE and, for OpenMetrics, UNIT where the name ends in one. `name` is that of its series;
  /// that of a counter ends in `_total`, which OpenMetrics leaves out here. Text 0.0.4 knows no gauge histogram: it
  /// becomes `untyped`.
  void BeginFamily(std::string_view name, std::string_view help, FamilyType type);

  /// Writes one series.
  void Series(std::string_view name, std::string_view labels, std::span<const LabelPair> extra,
              const SampleValue& value) {
    AppendSeries(name, labels, extra, value, out_);
  }

  /// Writes lines that AppendSeries made.
  void Lines(std::string_view lines) { out_ += lines; }

  /// Ends the exposition.
  void End();

 private:
  Format format_;
  std::string& out_;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_EXPOSITION_WRITER_H_
