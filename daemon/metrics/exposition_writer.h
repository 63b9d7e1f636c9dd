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

  /// Begins a family: HELP, TYPE and, for OpenMetrics, UNIT where the name ends in one. `name` is that of its series,
  /// with the `_total` of a counter, which OpenMetrics leaves out here; a counter without one is `unknown` there,
  /// because the name of a series must not depend on the format. The types that text 0.0.4 does not know become
  /// `untyped`.
  void BeginFamily(std::string_view name, std::string_view help, FamilyType type);

  /// Writes one series. `labels` is a label text made with AppendLabel; `extra` follows it.
  void Series(std::string_view name, std::string_view suffix, std::string_view labels, std::span<const LabelPair> extra,
              const SampleValue& value);

  /// Ends the exposition.
  void End();

 private:
  Format format_;
  std::string& out_;
  /// A label text while it grows.
  std::string extra_;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_EXPOSITION_WRITER_H_
