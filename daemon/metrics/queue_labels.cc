#include "daemon/metrics/queue_labels.h"

#include <algorithm>
#include <map>
#include <set>

#include "daemon/metrics/append.h"
#include "daemon/metrics/escaping.h"
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

// For each policy the text of all static labels, with a comma before each.
std::map<const QueuePolicy*, std::string> StaticLabelTexts(std::span<const QueueState* const> queues) {
  std::map<const QueuePolicy*, std::string> texts;
  const QueuePolicy* last = nullptr;
  for (const QueueState* queue : queues) {
    const QueuePolicy* policy = queue->queue.policy.get();
    if (policy != last) texts.try_emplace(policy);
    last = policy;
  }
  std::set<std::string_view> names;
  for (const auto& [policy, text] : texts) {
    for (const auto& label : policy->labels) names.insert(label.first);
  }
  for (auto& [policy, text] : texts) {
    for (const std::string_view name : names) {
      std::string label;
      AppendLabel(name, StaticLabel(*policy, name), label);
      AppendPieces(text, ",", std::string_view(label));
    }
  }
  return texts;
}

void AppendQueueName(std::string_view name, std::string& text) {
  // Plain names, which nearly all are, stay as they are.
  if (IsPlain(name)) return AppendPieces(text, ",queue=\"", name, "\"");
  AppendPieces(text, ",queue=\"");
  AppendLabelValue(PrintableName(name), text);
  text += '"';
}

}  // namespace

QueueLabelTexts::QueueLabelTexts(std::span<const QueueState* const> queues) {
  const std::map<const QueuePolicy*, std::string> static_labels = StaticLabelTexts(queues);
  ends_.reserve(queues.size());
  for (const QueueState* queue : queues) {
    const QueueRef& ref = queue->queue.ref;
    const std::string ipc_namespace = ref.ipc_namespace.Label();
    AppendPieces(texts_, "ipc=\"", ToString(ref.ipc), "\",ipc_namespace=\"", std::string_view(ipc_namespace), "\"");
    AppendQueueName(ref.name, texts_);
    texts_ += static_labels.at(queue->queue.policy.get());
    ends_.push_back(texts_.size());
  }
}

std::string_view QueueLabelTexts::operator[](std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(texts_).substr(begin, ends_[index] - begin);
}

}  // namespace mqueue::metrics
