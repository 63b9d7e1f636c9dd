#include "daemon/metrics/queue_series.h"

#include <cstdint>
#include <map>

#include "daemon/metrics/append.h"
#include "daemon/metrics/gauge_histogram.h"
#include "daemon/metrics/number.h"
#include "daemon/metrics/queue_labels.h"

namespace mqueue::metrics {
namespace {

constexpr std::string_view kParts[] = {"_bucket", "_gcount", "_gsum"};

/// Appends the series of one family as lines.
class LineSink final : public SeriesSink {
 public:
  LineSink(std::string_view name, std::string& lines) : name_(name), lines_(lines) {}

  void set_labels(std::string_view labels) { labels_ = labels; }

  void Add(std::span<const LabelPair> extra, const SampleValue& value) override {
    AppendSeries(name_, labels_, extra, value, lines_);
  }

 private:
  std::string_view name_;
  std::string& lines_;
  std::string_view labels_;
};

/// Appends the series of one family of gauge histograms as lines, and notes where the parts of each queue end.
class HistogramLines {
 public:
  HistogramLines(std::string_view name, std::string& lines) : name_(name), lines_(lines) {}

  std::array<std::size_t, 3> Append(const QueueState& queue, std::span<const PriorityGroup> groups,
                                    std::string_view labels) {
    const BucketBounds& bounds = BoundsOf(*queue.queue.policy);
    histogram_.Assign(groups, bounds.values());
    AppendBuckets(labels, bounds.labels());
    const std::size_t buckets_end = lines_.size();
    AppendPart("_gcount", labels, histogram_.buckets.back());
    const std::size_t count_end = lines_.size();
    AppendPart("_gsum", labels, histogram_.sum);
    return {buckets_end, count_end, lines_.size()};
  }

 private:
  const BucketBounds& BoundsOf(const QueuePolicy& policy) {
    const auto [bounds, is_new] = bounds_.try_emplace(&policy, policy.priority_buckets);
    return bounds->second;
  }

  void AppendBuckets(std::string_view labels, std::span<const std::string> les) {
    start_.clear();
    AppendPieces(start_, name_, "_bucket{", labels, ",");
    constexpr std::size_t kPunctuation = 3;
    std::size_t most = 0;
    for (const std::string& le : les) most += start_.size() + le.size() + kPunctuation + kLongestNumber;
    AppendWritten(most, lines_, [&](char* to) {
      for (std::size_t i = 0; i < les.size(); ++i) {
        to = WritePieces(to, std::string_view(start_), std::string_view(les[i]), "} ");
        to = WritePieces(WriteInteger(histogram_.buckets[i], to), "\n");
      }
      return to;
    });
  }

  void AppendPart(std::string_view part, std::string_view labels, const SampleValue& value) {
    start_.clear();
    AppendPieces(start_, name_, part);
    AppendSeries(start_, labels, {}, value, lines_);
  }

  std::string_view name_;
  std::string& lines_;
  // Queues share few policies.
  std::map<const QueuePolicy*, BucketBounds> bounds_;
  GaugeHistogram histogram_;
  // What the lines of a queue begin with.
  std::string start_;
};

}  // namespace

QueueSeries::QueueSeries(std::span<const QueueState* const> queues, const RoundSettings& settings,
                         std::size_t expected_size) {
  lines_.reserve(expected_size);
  const QueueLabelTexts labels(queues);
  for (const QueueFamily& family : QueueFamilies()) {
    Block block{.family = &family, .begin = lines_.size(), .end = 0, .first_queue = part_ends_.size(), .queues = 0};
    if (family.groups != nullptr) {
      HistogramLines lines(family.name, lines_);
      for (std::size_t i = 0; i < queues.size(); ++i) {
        const auto* groups = family.groups(*queues[i]);
        if (groups != nullptr) part_ends_.push_back(lines.Append(*queues[i], *groups, labels[i]));
      }
    } else {
      LineSink sink(family.name, lines_);
      for (std::size_t i = 0; i < queues.size(); ++i) {
        sink.set_labels(labels[i]);
        family.collect(*queues[i], settings, sink);
      }
    }
    block.end = lines_.size();
    block.queues = part_ends_.size() - block.first_queue;
    if (block.end != block.begin) blocks_.push_back(block);
  }
}

std::string_view QueueSeries::Lines(std::size_t begin, std::size_t end) const {
  return std::string_view(lines_).substr(begin, end - begin);
}

void QueueSeries::WriteParts(const Block& block, ExpositionWriter& writer) const {
  const auto ends = std::span(part_ends_).subspan(block.first_queue, block.queues);
  for (std::size_t part = 0; part < std::size(kParts); ++part) {
    writer.BeginFamily(std::string(block.family->name).append(kParts[part]), block.family->help, block.family->type);
    std::size_t begin = block.begin;
    for (const PartEnds& queue : ends) {
      writer.Lines(Lines(part == 0 ? begin : queue[part - 1], queue[part]));
      begin = queue.back();
    }
  }
}

void QueueSeries::Write(ExpositionWriter& writer) const {
  for (const Block& block : blocks_) {
    if (block.family->type == FamilyType::kGaugeHistogram && writer.format() == Format::kText) {
      WriteParts(block, writer);
    } else {
      writer.BeginFamily(block.family->name, block.family->help, block.family->type);
      writer.Lines(Lines(block.begin, block.end));
    }
  }
}

}  // namespace mqueue::metrics
