#include "daemon/metrics/exposition_writer.h"

#include "daemon/metrics/append.h"
#include "daemon/metrics/escaping.h"
#include "daemon/metrics/number.h"

namespace mqueue::metrics {
namespace {

constexpr std::string_view kTotal = "_total";

std::string_view TextTypeName(FamilyType type) {
  switch (type) {
    case FamilyType::kGauge:
      return "gauge";
    case FamilyType::kCounter:
      return "counter";
    case FamilyType::kHistogram:
      return "histogram";
    case FamilyType::kSummary:
      return "summary";
    case FamilyType::kGaugeHistogram:
    case FamilyType::kUnknown:
      return "untyped";
  }
  __builtin_unreachable();
}

std::string_view OpenMetricsTypeName(FamilyType type) {
  if (type == FamilyType::kGaugeHistogram) return "gaugehistogram";
  return type == FamilyType::kUnknown ? "unknown" : TextTypeName(type);
}

// The family's unit by its name, which is where OpenMetrics wants it to stand too.
std::string_view UnitOf(std::string_view family) {
  for (const std::string_view unit : {"seconds", "bytes"}) {
    if (family.ends_with(unit) && family.substr(0, family.size() - unit.size()).ends_with('_')) return unit;
  }
  return {};
}

char* WriteValue(const SampleValue& value, char* to) {
  if (const auto* count = std::get_if<std::uint64_t>(&value)) return WriteInteger(*count, to);
  if (const auto* time = std::get_if<std::chrono::nanoseconds>(&value)) return WriteSeconds(*time, to);
  return WriteFloat(std::get<double>(value), to);
}

}  // namespace

void AppendLabel(std::string_view name, std::string_view value, std::string& labels) {
  const std::string_view comma(",", labels.empty() ? 0 : 1);
  if (IsPlain(value)) return AppendPieces(labels, comma, name, "=\"", value, "\"");
  AppendPieces(labels, comma, name, "=\"");
  AppendLabelValue(value, labels);
  labels += '"';
}

void ExpositionWriter::BeginFamily(std::string_view name, std::string_view help, FamilyType type) {
  const bool open_metrics = format_ == Format::kOpenMetrics;
  if (open_metrics && type == FamilyType::kCounter) {
    if (name.ends_with(kTotal)) {
      name.remove_suffix(kTotal.size());
    } else {
      type = FamilyType::kUnknown;
    }
  }
  AppendPieces(out_, "# HELP ", name, " ");
  AppendHelp(help, format_, out_);
  const std::string_view type_name = open_metrics ? OpenMetricsTypeName(type) : TextTypeName(type);
  AppendPieces(out_, "\n# TYPE ", name, " ", type_name, "\n");
  const std::string_view unit = UnitOf(name);
  if (open_metrics && !unit.empty()) AppendPieces(out_, "# UNIT ", name, " ", unit, "\n");
}

void ExpositionWriter::Series(std::string_view name, std::string_view suffix, std::string_view labels,
                              std::span<const LabelPair> extra, const SampleValue& value) {
  if (!extra.empty()) {
    extra_.assign(labels);
    for (const LabelPair& label : extra) AppendLabel(label.name, label.value, extra_);
    labels = extra_;
  }
  constexpr std::size_t kPunctuation = 4;
  AppendWritten(name.size() + suffix.size() + labels.size() + kPunctuation + kLongestNumber, out_, [&](char* to) {
    to = WritePieces(to, name, suffix);
    if (!labels.empty()) to = WritePieces(to, "{", labels, "}");
    return WritePieces(WriteValue(value, WritePieces(to, " ")), "\n");
  });
}

void ExpositionWriter::End() {
  if (format_ == Format::kOpenMetrics) out_ += "# EOF\n";
}

}  // namespace mqueue::metrics
