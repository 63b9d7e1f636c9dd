#include "daemon/reader/bpf_reader.h"

#include <string>

namespace mqueue::reader {
namespace {

Look LookIn(const std::shared_ptr<const bpf::Picture>& picture, const QueueRef& queue) {
  if (picture) {
    if (const auto seen = picture->queues.find(queue); seen != picture->queues.end()) return seen->second;
  }
  return std::unexpected(
      LookError{LookErrorReason::kUnsupported, queue.name + ": not in the picture that the BPF programs gave"});
}

}  // namespace

std::vector<std::optional<Look>> BpfReader::LookAt(std::span<const QueueRef> queues, CpuBudget& budget) {
  budget.Charge(census_->TakeCost());
  const auto picture = census_->Latest();
  std::vector<std::optional<Look>> looks;
  looks.reserve(queues.size());
  for (const QueueRef& queue : queues) looks.emplace_back(LookIn(picture, queue));
  return looks;
}

}  // namespace mqueue::reader
