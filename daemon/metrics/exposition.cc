#include "daemon/metrics/exposition.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/metrics/metric_family_writer.h"
#include "daemon/metrics/queue_families.h"
#include "daemon/metrics/queue_writer.h"

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
  labels_.Assign(selection.shown);
  std::vector<prometheus::MetricFamily> families = self_->Collect();
  for (const auto& other : others_) std::ranges::move(other->Collect(), std::back_inserter(families));
  for (const Format format : kFormats) {
    std::string text = Text(format, selection, round, families);
    last_size_ = text.size();
    publish(format, std::move(text));
  }
}

std::string Exposition::Text(Format format, const Selection& selection, const Round& round,
                             std::span<const prometheus::MetricFamily> families) const {
  std::string text;
  text.reserve(last_size_ + last_size_ / 8);
  ExpositionWriter writer(format, text);
  WriteQueueFamilies(selection.shown, labels_, round.settings, writer);
  WriteOtherQueues(selection.others, writer);
  WriteNamespaceUsages(round.namespaces, writer);
  WriteNamespaceResidents(round.residents, writer);
  WriteMetricFamilies(families, format, text);
  writer.End();
  return text;
}

}  // namespace mqueue::metrics
