#include "daemon/metrics/queue_limit.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <tuple>
#include <utility>

namespace mqueue::metrics {
namespace {

// How much fuller, as a part of its limit, another queue must be to take the place of one that has series.
constexpr double kHysteresis = 0.1;

std::size_t HashOf(const QueueRef& ref) {
  std::size_t hash = std::hash<std::string_view>{}(ref.name);
  for (const std::uint64_t part : {ref.id, ref.ipc_namespace.inode, ref.ipc_namespace.generation}) {
    hash = hash * 31 + std::hash<std::uint64_t>{}(part);
  }
  return hash;
}

double PartOf(std::uint64_t used, std::optional<std::uint64_t> limit) {
  if (!limit || *limit == 0) return 0;
  return static_cast<double>(used) / static_cast<double>(*limit);
}

// 0 for empty, 1 for a queue that takes no more; what is not known counts as empty.
double Fullness(const QueueState& state) {
  if (!state.look) return 0;
  return std::max(PartOf(state.look->messages, state.look->messages_limit),
                  PartOf(state.look->bytes.value_or(0), state.look->bytes_limit));
}

// What two series would have to differ in, static labels apart.
auto Identity(const QueueState& state) {
  const QueueRef& ref = state.queue.ref;
  return std::tie(ref.ipc, ref.ipc_namespace.inode, ref.name);
}

bool IsBefore(const QueueState* left, const QueueState* right) {
  const auto key = [](const QueueState* state) {
    const QueueRef& ref = state->queue.ref;
    return std::tuple_cat(Identity(*state), std::tie(ref.ipc_namespace.generation, ref.id));
  };
  return key(left) < key(right);
}

bool IsGone(const QueueState& state) { return !state.look && state.look.error().reason == LookErrorReason::kGone; }

std::vector<const QueueState*> Distinct(std::span<const std::shared_ptr<const QueueState>> states) {
  std::vector<const QueueState*> distinct;
  distinct.reserve(states.size());
  for (const auto& state : states) {
    if (!IsGone(*state)) distinct.push_back(state.get());
  }
  std::ranges::sort(distinct, IsBefore);
  // From the back, so that of two with the same labels the younger stays.
  const auto same = [](const QueueState* left, const QueueState* right) { return Identity(*left) == Identity(*right); };
  distinct.erase(distinct.begin(), std::unique(distinct.rbegin(), distinct.rend(), same).base());
  return distinct;
}

struct Ranked {
  const QueueState* state = nullptr;
  std::size_t hash = 0;
  /// Greater is better.
  std::tuple<bool, double, bool, std::uint64_t> rank;
};

std::vector<Ranked> Rank(std::span<const QueueState* const> states, std::span<const std::size_t> shown_before) {
  std::vector<Ranked> ranked;
  ranked.reserve(states.size());
  for (const QueueState* state : states) {
    const std::size_t hash = HashOf(state->queue.ref);
    const bool was_shown = std::ranges::binary_search(shown_before, hash);
    const double fullness = Fullness(*state) + (was_shown ? kHysteresis : 0);
    const std::uint64_t messages = state->look ? state->look->messages : 0;
    ranked.push_back({state, hash, {state->queue.policy->named, fullness, was_shown, messages}});
  }
  return ranked;
}

bool IsBetter(const Ranked& left, const Ranked& right) {
  // The name decides last: what is shown must not depend on the order in which the queues were found.
  return left.rank != right.rank ? left.rank > right.rank : IsBefore(left.state, right.state);
}

std::optional<std::uint64_t> Sum(std::optional<std::uint64_t> left, std::optional<std::uint64_t> right) {
  if (!left || !right) return std::nullopt;
  return *left + *right;
}

void AddTo(std::vector<OtherQueues>& others, const QueueState& state) {
  const auto is_of = [&](const OtherQueues& sum) {
    return sum.ipc == state.queue.ref.ipc && sum.namespace_inode == state.queue.ref.ipc_namespace.inode;
  };
  auto sum = std::ranges::find_if(others, is_of);
  if (sum == others.end()) {
    sum = others.insert(sum, {.ipc = state.queue.ref.ipc, .namespace_inode = state.queue.ref.ipc_namespace.inode});
  }
  ++sum->queues;
  if (!state.look) return;
  sum->messages += state.look->messages;
  sum->bytes = Sum(sum->bytes, state.look->bytes);
}

}  // namespace

Selection QueueLimit::Choose(std::span<const std::shared_ptr<const QueueState>> states, std::size_t max_queues) {
  std::vector<Ranked> ranked = Rank(Distinct(states), shown_);
  const std::size_t kept = std::min(max_queues, ranked.size());
  std::ranges::nth_element(ranked, ranked.begin() + static_cast<std::ptrdiff_t>(kept), IsBetter);

  Selection selection;
  selection.shown.reserve(kept);
  shown_.clear();
  for (const Ranked& queue : std::span(ranked).first(kept)) {
    selection.shown.push_back(queue.state);
    shown_.push_back(queue.hash);
  }
  for (const Ranked& queue : std::span(ranked).subspan(kept)) AddTo(selection.others, *queue.state);
  selection.skipped = ranked.size() - kept;
  std::ranges::sort(selection.others, {},
                    [](const OtherQueues& sum) { return std::pair(sum.ipc, sum.namespace_inode); });
  std::ranges::sort(selection.shown, IsBefore);
  std::ranges::sort(shown_);
  return selection;
}

}  // namespace mqueue::metrics
