#include "daemon/pipeline/watch_list.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mqueue::pipeline {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

void WatchList::Update(std::vector<WatchedQueue> queues, nanoseconds now, milliseconds period) {
  period_ = period;
  between_.clear();
  auto known = entries_.begin();
  for (WatchedQueue& queue : queues) {
    while (known != entries_.end() && known->first < queue.ref) known = entries_.erase(known);
    if (known == entries_.end() || known->first != queue.ref) {
      known = entries_.emplace_hint(known, std::move(queue.ref), Entry{.policy = std::move(queue.policy), .due = now});
    } else if (known->second.policy != queue.policy) {
      known->second.policy = std::move(queue.policy);
      known->second.due = std::min(known->second.due, now);
    }
    if (known->second.policy->interval < period_) between_.push_back(&*known);
    ++known;
  }
  entries_.erase(known, entries_.end());
}

std::vector<WatchedQueue> WatchList::TakeDue(nanoseconds now) {
  std::vector<Entries::pointer> due;
  for (auto& item : entries_) {
    const Entry& entry = item.second;
    if (entry.in_flight || entry.taken == now) continue;
    if (entry.due <= now + period_ / 2 || entry.policy->interval < period_) due.push_back(&item);
  }
  std::ranges::stable_sort(due, {}, [](const auto* item) { return item->second.due; });
  std::vector<WatchedQueue> queues;
  queues.reserve(due.size());
  for (auto* item : due) {
    item->second.in_flight = true;
    item->second.taken = now;
    queues.push_back({.ref = item->first, .policy = item->second.policy});
  }
  return queues;
}

std::vector<WatchedQueue> WatchList::TakeDueBetween(nanoseconds now, nanoseconds slack) {
  std::vector<Entries::pointer> due;
  for (const auto item : between_) {
    const Entry& entry = item->second;
    // A queue that no round has read yet waits for the first.
    if (entry.in_flight || !entry.state || !entry.try_between) continue;
    if (entry.due <= now + slack) due.push_back(item);
  }
  std::ranges::stable_sort(due, {}, [](const auto* item) { return item->second.due; });
  std::vector<WatchedQueue> queues;
  queues.reserve(due.size());
  for (auto* item : due) {
    item->second.in_flight = true;
    queues.push_back({.ref = item->first, .policy = item->second.policy});
  }
  return queues;
}

void WatchList::RecordBetween(const QueueRef& queue, Look look, nanoseconds now) {
  const auto found = entries_.find(queue);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  entry.in_flight = false;
  entry.due = std::max(entry.due + entry.policy->interval, now);
  entry.only_in_rounds = !look;
  entry.try_between = look.has_value();
  if (look) std::ignore = history_.Record(entry.track, {.ref = queue, .policy = entry.policy}, std::move(look));
}

void WatchList::PutBack(const QueueRef& queue) {
  if (const auto found = entries_.find(queue); found != entries_.end()) found->second.in_flight = false;
}

std::optional<WatchList::Change> WatchList::Record(const QueueRef& queue, Look look, nanoseconds now) {
  const auto found = entries_.find(queue);
  if (found == entries_.end()) return std::nullopt;
  Entry& entry = found->second;
  entry.in_flight = false;
  // From when it was due and not from now, so that the rhythm does not drift; but nothing is made up for.
  entry.due = std::max(entry.due + entry.policy->interval, now);
  entry.try_between = true;
  auto before = std::move(entry.state);
  auto state = history_.Record(entry.track, {.ref = queue, .policy = entry.policy}, std::move(look));
  state.read_interval = entry.only_in_rounds ? std::max(entry.policy->interval, period_) : entry.policy->interval;
  entry.state = std::make_shared<const QueueState>(std::move(state));
  return Change{std::move(before), entry.state};
}

std::vector<std::shared_ptr<const QueueState>> WatchList::States() const {
  std::vector<std::shared_ptr<const QueueState>> states;
  states.reserve(entries_.size());
  for (const auto& [ref, entry] : entries_) {
    if (entry.state) states.push_back(entry.state);
  }
  return states;
}

bool WatchList::AllSeen(nanoseconds round_began) const {
  return std::ranges::all_of(entries_, [round_began](const auto& item) {
    const Entry& entry = item.second;
    return entry.state || (entry.in_flight && entry.taken < round_began);
  });
}

std::uint64_t WatchList::InFlight() const {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(entries_, [](const auto& item) { return item.second.in_flight; }));
}

std::map<Ipc, std::uint64_t> WatchList::Counts() const {
  std::map<Ipc, std::uint64_t> counts{{Ipc::kPosix, 0}, {Ipc::kSysv, 0}};
  for (const auto& [ref, entry] : entries_) ++counts[ref.ipc];
  return counts;
}

}  // namespace mqueue::pipeline
