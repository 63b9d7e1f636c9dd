#include "daemon/metrics/queue_labels.h"

#include <algorithm>

#include "daemon/metrics/exposition_writer.h"
#include "daemon/text/printable_name.h"
#include "daemon/text/utf8.h"

namespace mqueue::metrics {
namespace {

// The configuration's own text stays as it was written: only what hosts' users name has its backslashes changed.
std::string StaticLabel(const QueuePolicy& policy, std::string_view name) {
  const auto label = std::ranges::find(policy.labels, name, [](const auto& pair) -> const auto& { return pair.first; });
  if (label == policy.labels.end()) return {};
  return IsUtf8(label->second) ? label->second : PrintableName(label->second);
}

}  // namespace

std::set<std::string_view> StaticLabelNames(std::span<const QueueState* const> queues) {
  std::set<const QueuePolicy*> policies;
  for (const QueueState* queue : queues) policies.insert(queue->queue.policy.get());
  std::set<std::string_view> names;
  for (const QueuePolicy* policy : policies) {
    for (const auto& label : policy->labels) names.insert(label.first);
  }
  return names;
}

std::vector<std::pair<std::string, std::string>> LabelsOf(const QueueState& queue,
                                                          const std::set<std::string_view>& static_names) {
  const QueueRef& ref = queue.queue.ref;
  std::vector<std::pair<std::string, std::string>> labels = {
      {"ipc", std::string(ToString(ref.ipc))},
      {"ipc_namespace", ref.ipc_namespace.Label()},
      {"queue", PrintableName(ref.name)},
  };
  for (const std::string_view name : static_names) labels.emplace_back(name, StaticLabel(*queue.queue.policy, name));
  return labels;
}

void QueueLabelTexts::Assign(std::span<const QueueState* const> queues) {
  const std::set<std::string_view> static_names = StaticLabelNames(queues);
  texts_.clear();
  ends_.clear();
  std::string text;
  for (const QueueState* queue : queues) {
    text.clear();
    for (const auto& [name, value] : LabelsOf(*queue, static_names)) AppendLabel(name, value, text);
    texts_ += text;
    ends_.push_back(texts_.size());
  }
}

std::string_view QueueLabelTexts::operator[](std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(texts_).substr(begin, ends_[index] - begin);
}

}  // namespace mqueue::metrics
