#include "daemon/reader/ladder.h"

#include <string>
#include <utility>

namespace mqueue::reader {
namespace {

bool MayUse(const Reader& reader, const WatchedQueue& queue) {
  const bool reaches = queue.ref.ipc_namespace.IsOwn() || reader.ReachesOtherNamespaces();
  return reaches && Permits(*queue.policy, reader.kind(), queue.ref.ipc);
}

// Whether another reader may do better: one that needs no permission, or another system call.
bool IsWorthAnotherReader(const std::optional<Look>& look) {
  if (!look.has_value() || look->has_value()) return false;
  const auto reason = look->error().reason;
  return reason == LookErrorReason::kPermission || reason == LookErrorReason::kUnsupported;
}

std::unexpected<LookError> NoReader(const WatchedQueue& queue) {
  const auto forced = queue.policy->reader;
  const std::string wanted = forced ? "reader " + std::string(ToString(*forced)) : "any reader";
  return std::unexpected(
      LookError{LookErrorReason::kUnsupported,
                queue.ref.name + ": " + wanted + " is not available here; see mqueue_exporter_reader_supported"});
}

}  // namespace

std::vector<std::optional<Look>> Ladder::LookAt(std::span<const WatchedQueue> queues, RoundContext& context) const {
  std::vector<std::optional<Look>> looks(queues.size());
  std::vector<bool> open(queues.size(), true);
  for (const auto& reader : readers_) {
    std::vector<QueueRef> batch;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < queues.size(); ++i) {
      if (!open[i] || !MayUse(*reader, queues[i])) continue;
      batch.push_back(queues[i].ref);
      places.push_back(i);
    }
    if (batch.empty()) continue;
    auto results = reader->LookAt(batch, context);
    for (std::size_t i = 0; i < places.size(); ++i) {
      std::optional<Look>& result = results[i];
      std::optional<Look>& look = looks[places[i]];
      open[places[i]] = IsWorthAnotherReader(result);
      // The first failure says best what is missing.
      const bool failed_again = look.has_value() && result.has_value() && !result->has_value();
      if (failed_again) continue;
      if (look && result) (*result)->handed_down = look->error().message;
      look = std::move(result);
    }
  }
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (!looks[i] && open[i]) looks[i] = NoReader(queues[i]);
  }
  return looks;
}

}  // namespace mqueue::reader
