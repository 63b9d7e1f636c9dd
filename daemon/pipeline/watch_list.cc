#include "daemon/pipeline/watch_list.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mqueue::pipeline {

using std::chrono::nanoseconds;

void WatchList::Update(std::vector<WatchedQueue> queues, nanoseconds now) {
  auto known = entries_.begin();
  for (WatchedQueue& queue : queues) {
    while (known != entries_.end() && known->first < queue.ref) known = entries_.erase(known);
    if (known == entries_.end() || known->first != queue.ref) {
      known = entries_.emplace_hint(known, std::move(queue.ref), Entry{.policy = std::move(queue.policy), .due = now});
    } else if (known->second.policy != queue.policy) {
      known->second.policy = std::move(queue.policy);
      known->second.due = now;
    }
    ++known;
  }
  entries_.erase(known, entries_.end());
}

std::vector<WatchedQueue> WatchList::TakeDue(nanoseconds now, nanoseconds slack) {
  std::vector<std::map<QueueRef, Entry>::pointer> due;
  for (auto& item : entries_) {
    const Entry& entry = item.second;
    if (!entry.in_flight && (entry.put_off || entry.due <= now + slack)) due.push_back(&item);
  }
  std::ranges::stable_sort(due, {},
                           [](const auto* item) { return std::tuple(!item->second.put_off, item->second.due); });
  std::vector<WatchedQueue> queues;
  queues.reserve(due.size());
  for (auto* item : due) {
    item->second.in_flight = true;
    item->second.taken = now;
    queues.push_back({.ref = item->first, .policy = item->second.policy});
  }
  return queues;
}

std::optional<WatchList::Change> WatchList::Record(const QueueRef& queue, Look look, nanoseconds now) {
  const auto found = entries_.find(queue);
  if (found == entries_.end()) return std::nullopt;
  Entry& entry = found->second;
  entry.in_flight = entry.put_off = false;
  // From when it was due and not from now, so that the rhythm does not drift; but nothing is made up for.
  entry.due = std::max(entry.due + entry.policy->interval, now);
  auto before = std::move(entry.state);
  entry.state = std::make_shared<const QueueState>(
      history_.Record(entry.track, {.ref = queue, .policy = entry.policy}, std::move(look)));
  return Change{std::move(before), entry.state};
}

void WatchList::PutOff(const QueueRef& queue) {
  const auto found = entries_.find(queue);
  if (found == entries_.end()) return;
  found->second.in_flight = false;
  found->second.put_off = true;
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
