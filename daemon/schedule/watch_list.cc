#include "daemon/schedule/watch_list.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mqueue::schedule {

using std::chrono::nanoseconds;

void WatchList::Update(std::vector<WatchedQueue> queues, nanoseconds now) {
  std::map<QueueRef, Entry> updated;
  for (WatchedQueue& queue : queues) {
    const QueueRef ref = queue.ref;
    auto known = entries_.extract(ref);
    if (known.empty()) {
      updated.emplace(ref, Entry{.queue = std::move(queue), .due = now});
      continue;
    }
    if (known.mapped().queue.policy != queue.policy) known.mapped().due = now;
    known.mapped().queue = std::move(queue);
    updated.insert(std::move(known));
  }
  for (const auto& [ref, gone] : entries_) history_.Forget(ref);
  entries_ = std::move(updated);
}

std::vector<WatchedQueue> WatchList::TakeDue(nanoseconds now, nanoseconds slack) {
  std::vector<Entry*> due;
  for (auto& [ref, entry] : entries_) {
    if (!entry.in_flight && (entry.put_off || entry.due <= now + slack)) due.push_back(&entry);
  }
  std::ranges::stable_sort(due, {}, [](const Entry* entry) { return std::tuple(!entry->put_off, entry->due); });
  std::vector<WatchedQueue> queues;
  queues.reserve(due.size());
  for (Entry* entry : due) {
    entry->in_flight = true;
    entry->taken = now;
    queues.push_back(entry->queue);
  }
  return queues;
}

std::optional<WatchList::Change> WatchList::Record(const QueueRef& queue, Look look, nanoseconds now) {
  const auto found = entries_.find(queue);
  if (found == entries_.end()) return std::nullopt;
  Entry& entry = found->second;
  entry.in_flight = entry.put_off = false;
  // From when it was due and not from now, so that the rhythm does not drift; but nothing is made up for.
  entry.due = std::max(entry.due + entry.queue.policy->interval, now);
  auto before = std::move(entry.state);
  const QueueState& after = entry.state.emplace(history_.Record(entry.queue, std::move(look)));
  return Change{std::move(before), after};
}

void WatchList::PutOff(const QueueRef& queue) {
  const auto found = entries_.find(queue);
  if (found == entries_.end()) return;
  found->second.in_flight = false;
  found->second.put_off = true;
}

std::vector<QueueState> WatchList::States() const {
  std::vector<QueueState> states;
  states.reserve(entries_.size());
  for (const auto& [ref, entry] : entries_) {
    if (entry.state) states.push_back(*entry.state);
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

}  // namespace mqueue::schedule
