#include "daemon/metrics/exposition_writer.h"

#include "daemon/metrics/append.h"
#include "daemon/metrics/escaping.h"
#include "daemon/metrics/number.h"

namespace mqueue::metrics {
namespace {

constexpr std::string_view kTotal = "_total";

std::string_view TypeName(FamilyType type, Format format) {
  switch (type) {
    case FamilyType::kGauge:
      return "gauge";
    case FamilyType::kCounter:
      return "counter";
    case FamilyType::kGaugeHistogram:
      return format == Format::kOpenMetrics ? "gaugehistogram" : "untyped";
  }
  __builtin_unreachable();
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

void AppendLabelAfter(std::string_view comma, std::string_view name, std::string_view value, std::string& out) {
  if (IsPlain(value)) return AppendPieces(out, comma, name, "=\"", value, "\"");
  AppendPieces(out, comma, name, "=\"");
  AppendLabelValue(value, out);
  out += '"';
}

}  // namespace

void AppendLabel(std::string_view name, std::string_view value, std::string& labels) {
  AppendLabelAfter(labels.empty() ? "" : ",", name, value, labels);
}

void AppendSeries(std::string_view name, std::string_view labels, std::span<const LabelPair> extra,
                  const SampleValue& value, std::string& out) {
  std::string_view close = " ";
  if (!extra.empty()) {
    AppendPieces(out, name, "{", labels);
    std::string_view comma = labels.empty() ? "" : ",";
    for (const LabelPair& label : extra) {
      AppendLabelAfter(comma, label.name, label.value, out);
      comma = ",";
    }
    name = labels = {};
    close = "} ";
  }
  constexpr std::size_t kPunctuation = 4;
  AppendWritten(name.size() + labels.size() + kPunctuation + kLongestNumber, out, [&](char* to) {
    to = WritePieces(to, name);
    if (!labels.empty()) to = WritePieces(to, "{", labels, "}");
    return WritePieces(WriteValue(value, WritePieces(to, close)), "\n");
  });
}

void ExpositionWriter::BeginFamily(std::string_view name, std::string_view help, FamilyType type) {
  const bool open_metrics = format_ == Format::kOpenMetrics;
  if (open_metrics && type == FamilyType::kCounter) name.remove_suffix(kTotal.size());
  AppendPieces(out_, "# HELP ", name, " ");
  AppendHelp(help, format_, out_);
  AppendPieces(out_, "\n# TYPE ", name, " ", TypeName(type, format_), "\n");
  const std::string_view unit = UnitOf(name);
  if (open_metrics && !unit.empty()) AppendPieces(out_, "# UNIT ", name, " ", unit, "\n");
}

void ExpositionWriter::End() {
  if (format_ == Format::kOpenMetrics) out_ += "# EOF\n";
}

}  // namespace mqueue::metrics
