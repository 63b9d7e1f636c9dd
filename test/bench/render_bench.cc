// Renders the states of 4,000 queues, 100,000 series, to text as the daemon does, and has prometheus-cpp's serializer
// write the same series from its own data model, in one run. Ends with the time per series of both and their ratio.
#include <benchmark/benchmark.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/metrics/exporter_metrics.h"
#include "daemon/metrics/exposition.h"
#include "daemon/metrics/exposition_writer.h"
#include "daemon/metrics/queue_series.h"
#include "daemon/queue/round.h"

namespace {

using mqueue::QueueState;
using mqueue::metrics::Format;
using prometheus::MetricFamily;
using prometheus::MetricType;

// Queues with 25 series each: depth, limits, a histogram, the head's age.
std::vector<std::shared_ptr<const QueueState>> MakeQueues() {
  constexpr std::size_t kQueues = 4000;
  const auto policy = std::make_shared<const mqueue::QueuePolicy>();
  std::vector<std::shared_ptr<const QueueState>> states;
  for (std::size_t i = 0; i < kQueues; ++i) {
    mqueue::QueueSnapshot look = {.messages = i, .messages_limit = 65536, .bytes = 100 * i};
    look.message_size_limit = 8192;
    look.groups = {{{.value = 9, .messages = i}, {.value = 0, .messages = 1}}};
    look.truncated = false;
    look.head_priority = 9;
    const mqueue::MessageAge age{.age = std::chrono::milliseconds(i),
                                 .timestamp = std::chrono::milliseconds(1763697720250)};
    QueueState state{.queue = {.ref = {.name = "/orders-" + std::to_string(i), .id = i}, .policy = policy},
                     .look = look};
    state.head = age;
    states.push_back(std::make_shared<const QueueState>(std::move(state)));
  }
  return states;
}

std::vector<const QueueState*> Pointers(const std::vector<std::shared_ptr<const QueueState>>& states) {
  std::vector<const QueueState*> pointers;
  std::ranges::transform(states, std::back_inserter(pointers), [](const auto& state) { return state.get(); });
  return pointers;
}

// What the daemon does to get from the chosen queues of a round to the text of one format.
std::string Rendered(const std::vector<const QueueState*>& queues, Format format, std::size_t expected_size) {
  std::string text;
  text.reserve(expected_size);
  mqueue::metrics::ExpositionWriter writer(format, text);
  mqueue::metrics::QueueSeries(queues, {}, expected_size).Write(writer);
  return text;
}

std::vector<prometheus::ClientMetric::Label> ParsedLabels(std::string_view text) {
  std::vector<prometheus::ClientMetric::Label> labels;
  while (!text.empty()) {
    const std::size_t equals = text.find("=\"");
    // No value here has an escape.
    const std::size_t end = text.find('"', equals + 2);
    labels.push_back({std::string(text.substr(0, equals)), std::string(text.substr(equals + 2, end - equals - 2))});
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return labels;
}

// Text 0.0.4 without escapes in prometheus-cpp's model.
std::vector<MetricFamily> Parsed(const std::string& text) {
  std::vector<MetricFamily> families;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::string_view all = line;
    if (all.starts_with("# HELP ")) {
      const std::size_t name_end = all.find(' ', 7);
      families.push_back({std::string(all.substr(7, name_end - 7)), std::string(all.substr(name_end + 1)), {}, {}});
    } else if (all.starts_with("# TYPE ")) {
      const std::string_view type = all.substr(all.rfind(' ') + 1);
      families.back().type = type == "gauge"     ? MetricType::Gauge
                             : type == "counter" ? MetricType::Counter
                                                 : MetricType::Untyped;
    } else {
      prometheus::ClientMetric metric;
      const std::size_t open = all.find('{');
      const std::size_t close = all.rfind('}');
      metric.label = ParsedLabels(all.substr(open + 1, close - open - 1));
      // Only the one that belongs to the type is written.
      metric.gauge.value = metric.counter.value = metric.untyped.value = std::strtod(&line[close + 1], nullptr);
      families.back().metric.push_back(std::move(metric));
    }
  }
  return families;
}

std::int64_t SeriesIn(const std::vector<MetricFamily>& families) {
  std::int64_t series = 0;
  for (const MetricFamily& family : families) series += std::ssize(family.metric);
  return series;
}

struct Data {
  std::vector<std::shared_ptr<const QueueState>> states = MakeQueues();
  std::vector<const QueueState*> queues = Pointers(states);
  std::vector<MetricFamily> families = Parsed(Rendered(queues, Format::kText, 0));
  std::int64_t series = SeriesIn(families);
};

const Data& TheData() {
  static const Data data;
  return data;
}

void PrometheusCpp(benchmark::State& state) {
  const prometheus::TextSerializer serializer;
  while (state.KeepRunning()) benchmark::DoNotOptimize(serializer.Serialize(TheData().families));
  state.SetItemsProcessed(state.iterations() * TheData().series);
}

void QueuesToText(benchmark::State& state, Format format) {
  std::size_t last_size = 0;
  while (state.KeepRunning()) {
    const std::string text = Rendered(TheData().queues, format, last_size);
    last_size = text.size();
    benchmark::DoNotOptimize(text.data());
  }
  state.SetItemsProcessed(state.iterations() * TheData().series);
  state.counters["bytes"] = static_cast<double>(last_size);
}

// A whole round: the choice of queues, both formats, and the exporter's own metrics.
void WholeRound(benchmark::State& state) {
  mqueue::metrics::Exposition exposition(
      std::make_shared<mqueue::metrics::ExporterMetrics>(mqueue::metrics::BuildInfo{}), {});
  const mqueue::Round round{
      .queues = TheData().states, .namespaces = {}, .residents = {}, .report = {}, .settings = {}};
  // A published text lives until the next of its format.
  std::map<Format, std::string> published;
  while (state.KeepRunning()) {
    exposition.Render(round, [&](Format format, std::string text) { published[format] = std::move(text); });
  }
  state.SetItemsProcessed(state.iterations() * TheData().series);
}

/// Prints as usual and keeps the CPU time of one pass, the best of the repetitions: on a shared machine the least
/// disturbed.
class BestTimes final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      const auto [best, first] = best_.emplace(run.run_name.function_name, run.GetAdjustedCPUTime());
      if (!first) best->second = std::min(best->second, run.GetAdjustedCPUTime());
    }
  }

  /// Milliseconds; 0 for one that did not run, because a filter left it out.
  double of(const std::string& name) const {
    const auto best = best_.find(name);
    return best == best_.end() ? 0 : best->second;
  }

 private:
  std::map<std::string, double> best_;
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const auto add = [](const char* name, auto... how) {
    benchmark::RegisterBenchmark(name, how...)->Unit(benchmark::kMillisecond)->Repetitions(3);
  };
  add("prometheus-cpp", PrometheusCpp);
  add("queues to text", QueuesToText, Format::kText);
  add("queues to OpenMetrics", QueuesToText, Format::kOpenMetrics);
  add("a round, both formats", WholeRound);

  // Made before anything is measured.
  TheData();
  BestTimes times;
  benchmark::RunSpecifiedBenchmarks(&times);
  const double theirs = times.of("prometheus-cpp");
  const double ours = times.of("queues to text");
  if (theirs == 0 || ours == 0) return 0;
  const auto series = static_cast<double>(TheData().series);
  std::cout << "series: " << TheData().series << "\nns per series, prometheus-cpp: " << theirs * 1e6 / series
            << "\nns per series, queues to text: " << ours * 1e6 / series << "\nratio: " << theirs / ours << '\n';
  return 0;
}
