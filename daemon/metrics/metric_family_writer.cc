#include "daemon/metrics/metric_family_writer.h"

#include <cmath>
#include <limits>
#include <string_view>

#include "daemon/metrics/append.h"
#include "daemon/metrics/escaping.h"
#include "daemon/metrics/exposition_writer.h"
#include "daemon/metrics/number.h"

namespace mqueue::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

FamilyType TypeOf(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return FamilyType::kCounter;
    case MetricType::Gauge:
      return FamilyType::kGauge;
    case MetricType::Summary:
      return FamilyType::kSummary;
    case MetricType::Histogram:
      return FamilyType::kHistogram;
    case MetricType::Untyped:
      return FamilyType::kUnknown;
  }
  __builtin_unreachable();
}

// Milliseconds since the epoch in text 0.0.4, seconds in OpenMetrics; 0 is prometheus-cpp's way to say none.
void AssignTimestamp(std::int64_t milliseconds, Format format, std::string& text) {
  text.clear();
  if (milliseconds == 0) return;
  text = ' ';
  if (format == Format::kText) {
    text += std::to_string(milliseconds);
  } else {
    AppendSeconds(std::chrono::milliseconds(milliseconds), text);
  }
}

// The model is scattered over the heap, and waiting for it takes longer than writing it: so it is fetched some series
// ahead.
constexpr std::size_t kAhead = 4;

void Prefetch(const ClientMetric& metric) {
  __builtin_prefetch(&metric.gauge);
  for (const auto& label : metric.label) __builtin_prefetch(&label);
}

// Nearly all labels are plain: those of a series are then written in one go.
void AssignLabels(const std::vector<ClientMetric::Label>& labels, std::string& text) {
  constexpr std::size_t kPunctuation = 4;
  text.clear();
  std::size_t size = 0;
  bool plain = true;
  for (const auto& label : labels) {
    plain = plain && IsPlain(label.value);
    size += label.name.size() + label.value.size() + kPunctuation;
  }
  if (!plain) {
    for (const auto& label : labels) AppendLabel(label.name, label.value, text);
    return;
  }
  AppendWritten(size, text, [&](char* to) {
    const char* const begin = to;
    for (const auto& label : labels) {
      if (to != begin) *to++ = ',';
      to = WritePieces(to, label.name, "=\"", label.value, "\"");
    }
    return to;
  });
}

// Writes the series of one family; keeps the buffers that they share.
class SeriesWriter {
 public:
  SeriesWriter(const MetricFamily& family, Format format, std::string& out)
      : name_(family.name), format_(format), out_(out), writer_(format, out) {}

  void Write(const ClientMetric& metric, MetricType type);

 private:
  void Add(std::string_view suffix, std::span<const LabelPair> extra, SampleValue value);
  void AddBound(std::string_view suffix, std::string_view label, double bound, SampleValue value);
  void AddSummary(const ClientMetric::Summary& summary);
  void AddHistogram(const ClientMetric::Histogram& histogram);

  std::string_view name_;
  Format format_;
  std::string& out_;
  ExpositionWriter writer_;
  std::string labels_;
  std::string bound_;
  std::string timestamp_;
};

void SeriesWriter::Add(std::string_view suffix, std::span<const LabelPair> extra, SampleValue value) {
  writer_.Series(name_, suffix, labels_, extra, value);
  if (timestamp_.empty()) return;
  out_.insert(out_.size() - 1, timestamp_);
}

void SeriesWriter::AddBound(std::string_view suffix, std::string_view label, double bound, SampleValue value) {
  bound_.clear();
  AppendCanonicalFloat(bound, bound_);
  const LabelPair extra[] = {{label, bound_}};
  Add(suffix, extra, value);
}

void SeriesWriter::AddSummary(const ClientMetric::Summary& summary) {
  for (const auto& quantile : summary.quantile) AddBound("", "quantile", quantile.quantile, quantile.value);
  Add("_sum", {}, summary.sample_sum);
  Add("_count", {}, summary.sample_count);
}

void SeriesWriter::AddHistogram(const ClientMetric::Histogram& histogram) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const auto& bucket : histogram.bucket) AddBound("_bucket", "le", bucket.upper_bound, bucket.cumulative_count);
  if (histogram.bucket.empty() || histogram.bucket.back().upper_bound != kInfinity) {
    AddBound("_bucket", "le", kInfinity, histogram.sample_count);
  }
  Add("_sum", {}, histogram.sample_sum);
  Add("_count", {}, histogram.sample_count);
}

void SeriesWriter::Write(const ClientMetric& metric, MetricType type) {
  AssignLabels(metric.label, labels_);
  AssignTimestamp(metric.timestamp_ms, format_, timestamp_);
  switch (type) {
    case MetricType::Counter:
      return Add("", {}, metric.counter.value);
    case MetricType::Gauge:
      return Add("", {}, metric.gauge.value);
    case MetricType::Untyped:
      return Add("", {}, metric.untyped.value);
    case MetricType::Summary:
      return AddSummary(metric.summary);
    case MetricType::Histogram:
      return AddHistogram(metric.histogram);
  }
}

}  // namespace

void WriteMetricFamilies(std::span<const MetricFamily> families, Format format, std::string& out) {
  for (const MetricFamily& family : families) {
    if (family.metric.empty()) continue;
    ExpositionWriter(format, out).BeginFamily(family.name, family.help, TypeOf(family.type));
    SeriesWriter writer(family, format, out);
    for (std::size_t i = 0; i < family.metric.size(); ++i) {
      if (i + kAhead < family.metric.size()) Prefetch(family.metric[i + kAhead]);
      writer.Write(family.metric[i], family.type);
    }
  }
}

}  // namespace mqueue::metrics
