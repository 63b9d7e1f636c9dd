#include "daemon/metrics/queue_writer.h"

#include <optional>
#include <string>
#include <string_view>

#include "daemon/metrics/queue_families.h"

namespace mqueue::metrics {
namespace {

constexpr std::string_view kHistogramSuffixes[] = {"_bucket", "_gcount", "_gsum"};

/// Writes a family's series as they come and begins the family with the first of them. With a `part` it takes only the
/// series of that suffix and makes them a family of their own.
class TextSink final : public SeriesSink {
 public:
  TextSink(const QueueFamily& family, std::optional<std::string_view> part, ExpositionWriter& writer)
      : family_(family), part_(part), writer_(writer) {}

  void set_labels(std::string_view labels) { labels_ = labels; }

  void Add(std::string_view suffix, std::span<const LabelPair> extra, const SampleValue& value) override {
    if (part_ && suffix != *part_) return;
    if (!begun_) Begin();
    begun_ = true;
    writer_.Series(family_.name, suffix, labels_, extra, value);
  }

 private:
  void Begin() {
    const std::string name = std::string(family_.name).append(part_.value_or(""));
    writer_.BeginFamily(name, family_.help, part_ ? FamilyType::kUnknown : family_.type);
  }

  const QueueFamily& family_;
  std::optional<std::string_view> part_;
  ExpositionWriter& writer_;
  std::string_view labels_;
  bool begun_ = false;
};

}  // namespace

void WriteQueueFamilies(std::span<const QueueState* const> queues, const QueueLabelTexts& labels,
                        const RoundSettings& settings, ExpositionWriter& writer) {
  const auto write = [&](const QueueFamily& family, std::optional<std::string_view> part) {
    TextSink sink(family, part, writer);
    for (std::size_t i = 0; i < queues.size(); ++i) {
      sink.set_labels(labels[i]);
      family.collect(*queues[i], settings, sink);
    }
  };
  for (const QueueFamily& family : QueueFamilies()) {
    if (family.type != FamilyType::kGaugeHistogram || writer.format() == Format::kOpenMetrics) {
      write(family, std::nullopt);
    } else {
      for (const std::string_view suffix : kHistogramSuffixes) write(family, suffix);
    }
  }
}

}  // namespace mqueue::metrics
