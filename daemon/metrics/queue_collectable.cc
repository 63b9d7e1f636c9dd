#include "daemon/metrics/queue_collectable.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "daemon/metrics/number.h"
#include "daemon/metrics/queue_families.h"
#include "daemon/metrics/queue_labels.h"
#include "daemon/metrics/queue_limit.h"

namespace mqueue::metrics {
namespace {

using Labels = std::vector<prometheus::ClientMetric::Label>;
using prometheus::MetricFamily;
using prometheus::MetricType;

double ToDouble(const SampleValue& value) {
  if (const auto* count = std::get_if<std::uint64_t>(&value)) return static_cast<double>(*count);
  if (const auto* time = std::get_if<std::chrono::nanoseconds>(&value)) return ToSeconds(*time);
  return std::get<double>(value);
}

MetricType TypeOf(FamilyType type) {
  if (type == FamilyType::kGaugeHistogram) return MetricType::Untyped;
  return type == FamilyType::kCounter ? MetricType::Counter : MetricType::Gauge;
}

/// Collects the series of one QueueFamily, a MetricFamily for each suffix that comes.
class ModelSink final : public SeriesSink {
 public:
  ModelSink(const QueueFamily& family, std::vector<MetricFamily>& families)
      : family_(family), families_(families), first_(families.size()) {}

  void set_labels(const Labels& labels) { labels_ = &labels; }

  void Add(std::string_view suffix, std::span<const LabelPair> extra, const SampleValue& value) override {
    prometheus::ClientMetric metric{.label = *labels_};
    for (const LabelPair& label : extra) metric.label.push_back({std::string(label.name), std::string(label.value)});
    // Only the one that belongs to the type is looked at.
    metric.counter.value = metric.gauge.value = metric.untyped.value = ToDouble(value);
    FamilyOf(suffix).metric.push_back(std::move(metric));
  }

 private:
  MetricFamily& FamilyOf(std::string_view suffix) {
    const std::string name = std::string(family_.name).append(suffix);
    const auto begin = families_.begin() + static_cast<std::ptrdiff_t>(first_);
    const auto found = std::find_if(begin, families_.end(), [&](const auto& family) { return family.name == name; });
    if (found != families_.end()) return *found;
    return families_.emplace_back(MetricFamily{name, std::string(family_.help), TypeOf(family_.type), {}});
  }

  const QueueFamily& family_;
  std::vector<MetricFamily>& families_;
  std::size_t first_;
  const Labels* labels_ = nullptr;
};

std::vector<Labels> ModelLabels(std::span<const QueueState* const> queues) {
  const std::set<std::string_view> static_names = StaticLabelNames(queues);
  std::vector<Labels> all(queues.size());
  for (std::size_t i = 0; i < queues.size(); ++i) {
    for (auto& [name, value] : LabelsOf(*queues[i], static_names))
      all[i].push_back({std::move(name), std::move(value)});
  }
  return all;
}

}  // namespace

QueueCollectable::QueueCollectable(Source source, const RoundSettings& settings)
    : source_(std::move(source)), settings_(settings) {}

std::vector<MetricFamily> QueueCollectable::Collect() const {
  const auto states = source_();
  const Selection selection = QueueLimit().Choose(states, std::numeric_limits<std::size_t>::max());
  const std::vector<Labels> labels = ModelLabels(selection.shown);
  std::vector<MetricFamily> families;
  for (const QueueFamily& family : QueueFamilies()) {
    ModelSink sink(family, families);
    for (std::size_t i = 0; i < selection.shown.size(); ++i) {
      sink.set_labels(labels[i]);
      family.collect(*selection.shown[i], settings_, sink);
    }
  }
  return families;
}

}  // namespace mqueue::metrics
