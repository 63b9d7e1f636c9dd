#include "daemon/reader/bpf_reader.h"

#include <string>

namespace mqueue::reader {
namespace {

Look LookIn(const bpf::HostSnapshot* host, const QueueRef& queue) {
  if (host != nullptr) {
    if (const auto seen = host->queues.find(queue); seen != host->queues.end()) return seen->second;
  }
  return std::unexpected(LookError{LookErrorReason::kUnsupported, queue.name + ": not in the host snapshot"});
}

}  // namespace

Support BpfReader::Probe(const ProbeContext& context) {
  const WalkerResult& walker = context.options().walker;
  if (!walker) return {.obstacle = walker.error().message};
  return {.supported = true};
}

std::vector<std::optional<Look>> BpfReader::LookAt(std::span<const QueueRef> queues, RoundContext& context) {
  std::vector<std::optional<Look>> looks;
  looks.reserve(queues.size());
  for (const QueueRef& queue : queues) looks.emplace_back(LookIn(context.host_snapshot.get(), queue));
  return looks;
}

}  // namespace mqueue::reader
