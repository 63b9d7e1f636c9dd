#include "daemon/metrics/exposition.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/metrics/metric_family_writer.h"
#include "daemon/metrics/queue_families.h"
#include "daemon/metrics/queue_series.h"

namespace mqueue::metrics {
namespace {

std::uint64_t AllDroppedSeries(std::span<const QueueState* const> queues, const RoundSettings& settings) {
  std::uint64_t dropped = 0;
  for (const QueueState* queue : queues) dropped += DroppedSeries(*queue, settings);
  return dropped;
}

}  // namespace

Exposition::Exposition(std::shared_ptr<ExporterMetrics> self,
                       std::vector<std::shared_ptr<const prometheus::Collectable>> others)
    : self_(std::move(self)), others_(std::move(others)) {}

void Exposition::Render(const Round& round, const Publish& publish) {
  const Selection selection = limit_.Choose(round.queues, round.settings.max_queues);
  self_->RoundDone(round.report);
  self_->SetOmitted(selection.skipped, AllDroppedSeries(selection.shown, round.settings));
  // Rendered once: both formats have the same lines.
  const QueueSeries queues(selection.shown, round.settings, last_queues_size_ + last_queues_size_ / 8);
  last_queues_size_ = queues.size();
  std::vector<prometheus::MetricFamily> families = self_->Collect();
  for (const auto& other : others_) std::ranges::move(other->Collect(), std::back_inserter(families));
  for (const Format format : kFormats) {
    std::string text;
    // The size of the last text: the next will be about as long.
    text.reserve(last_size_ + last_size_ / 8);
    ExpositionWriter writer(format, text);
    queues.Write(writer);
    WriteOtherQueues(selection.others, writer);
    WriteNamespaceUsages(round.namespaces, writer);
    WriteNamespaceResidents(round.residents, writer);
    WriteMetricFamilies(families, writer);
    writer.End();
    last_size_ = text.size();
    publish(format, std::move(text));
  }
}

}  // namespace mqueue::metrics
