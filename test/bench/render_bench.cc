// Rendering of 100,000 series: our writer against prometheus-cpp's on the same families, in one run, and what the
// daemon does each round. Ends with the ratio that is wanted to be at least 7.
#include <benchmark/benchmark.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/metrics/metric_family_writer.h"
#include "daemon/metrics/queue_collectable.h"
#include "daemon/metrics/queue_labels.h"
#include "daemon/metrics/queue_writer.h"

namespace {

using mqueue::QueueState;
using mqueue::metrics::Format;
using prometheus::MetricFamily;

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

// The same queues in prometheus-cpp's model.
std::vector<MetricFamily> MakeFamilies() { return mqueue::metrics::QueueCollectable(MakeQueues, {}).Collect(); }

std::int64_t SeriesIn(const std::vector<MetricFamily>& families) {
  std::int64_t series = 0;
  for (const MetricFamily& family : families) series += std::ssize(family.metric);
  return series;
}

void PrometheusCpp(benchmark::State& state) {
  const std::vector<MetricFamily> families = MakeFamilies();
  const prometheus::TextSerializer serializer;
  while (state.KeepRunning()) benchmark::DoNotOptimize(serializer.Serialize(families));
  state.SetItemsProcessed(state.iterations() * SeriesIn(families));
}

void Ours(benchmark::State& state, Format format) {
  const std::vector<MetricFamily> families = MakeFamilies();
  std::size_t last_size = 0;
  while (state.KeepRunning()) {
    std::string text;
    // As the daemon does, which knows how long its last text was.
    text.reserve(last_size);
    mqueue::metrics::WriteMetricFamilies(families, format, text);
    last_size = text.size();
    benchmark::DoNotOptimize(text);
  }
  state.SetItemsProcessed(state.iterations() * SeriesIn(families));
}

// The daemon's own way: from the states of the queues, without a model between.
void Queues(benchmark::State& state, Format format) {
  const auto states = MakeQueues();
  std::vector<const QueueState*> queues;
  queues.reserve(states.size());
  for (const auto& queue : states) queues.push_back(queue.get());
  mqueue::metrics::QueueLabelTexts labels;
  std::string text;
  while (state.KeepRunning()) {
    text.clear();
    labels.Assign(queues);
    mqueue::metrics::ExpositionWriter writer(format, text);
    mqueue::metrics::WriteQueueFamilies(queues, labels, {}, writer);
    benchmark::DoNotOptimize(text);
  }
  state.SetItemsProcessed(state.iterations() * SeriesIn(MakeFamilies()));
  state.counters["bytes"] = static_cast<double>(text.size());
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

  /// 0 for one that did not run, because a filter left it out.
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
  add("ours", Ours, Format::kText);
  add("ours, OpenMetrics", Ours, Format::kOpenMetrics);
  add("queues", Queues, Format::kText);
  add("queues, OpenMetrics", Queues, Format::kOpenMetrics);

  BestTimes times;
  benchmark::RunSpecifiedBenchmarks(&times);
  if (times.of("prometheus-cpp") == 0 || times.of("ours") == 0) return 0;
  std::cout << "rendering 100,000 series, times the throughput of prometheus-cpp (wanted: at least 7): "
            << times.of("prometheus-cpp") / times.of("ours") << '\n';
  return 0;
}
