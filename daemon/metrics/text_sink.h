#ifndef DAEMON_METRICS_TEXT_SINK_H_
#define DAEMON_METRICS_TEXT_SINK_H_

#include <prometheus/collectable.h>

#include <array>
#include <cstddef>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/endpoints.h"
#include "daemon/metrics/exporter_metrics.h"
#include "daemon/metrics/exposition.h"
#include "daemon/metrics/format.h"
#include "daemon/queue/round.h"

namespace mqueue::metrics {

/// The output /metrics: renders each round in both formats and answers scrapes from the last one, in the format that
/// the client accepts.
class TextSink {
 public:
  /// See Exposition.
  TextSink(std::shared_ptr<ExporterMetrics> self, std::vector<std::shared_ptr<const prometheus::Collectable>> others);

  /// Renders a round. When a format was asked for since its last text, its text is compressed here, so that no scrape
  /// waits for it. One call at a time, on any thread.
  void Take(const Round& round);

  /// The text in the format that the value of an Accept field asks for; its body is null before the first round.
  /// Thread-safe; does not wait for Take.
  http::Representation Answer(std::string_view accept);

 private:
  struct Current {
    std::shared_ptr<const http::Body> body;
    bool asked_for = false;
  };

  void Publish(Format format, std::string text);
  bool WasAskedFor(Format format);

  Exposition exposition_;
  std::mutex mutex_;
  std::array<Current, std::size(kFormats)> current_;
};

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_TEXT_SINK_H_
