#include "daemon/reader/peek_probe.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

namespace mqueue::reader {
namespace {

constexpr char kSubject[] = "probing";
constexpr auto& kMessages = os::ProbeQueue::kMessages;

std::unexpected<os::Error> AnswersSomethingElse() {
  return std::unexpected(os::Error{EPROTO, "the kernel has something else in its place"});
}

// Whether that is what is at `index`, or the end.
bool IsRight(const std::optional<os::PeekedMessage>& peeked, std::uint64_t index) {
  if (!peeked || index >= kMessages.size()) return !peeked && index >= kMessages.size();
  const auto& [priority, payload] = kMessages[index];
  return peeked->priority == priority && std::ranges::equal(peeked->payload, std::as_bytes(std::span(payload)));
}

std::vector<PriorityGroup> KnownGroups() {
  std::vector<PriorityGroup> groups;
  for (const auto& [priority, payload] : kMessages) {
    if (groups.empty() || groups.back().value != priority) groups.push_back({.value = priority});
    PriorityGroup& group = groups.back();
    ++group.messages;
    group.bytes = group.bytes.value_or(0) + payload.size();
  }
  return groups;
}

bool AreKnownTotals(const mq_snapshot& totals) {
  std::uint64_t bytes = 0;
  for (const auto& message : kMessages) bytes += message.payload.size();
  return totals.messages == kMessages.size() && totals.bytes == bytes && totals.sent == kMessages.size() &&
         totals.received == 0 && totals.waiting_senders == 0 && totals.waiting_receivers == 0 &&
         totals.nr_priorities == KnownGroups().size() &&
         std::ranges::all_of(totals.reserved, [](auto word) { return word == 0; });
}

bool AreKnownGroups(std::vector<PriorityGroup> groups) {
  for (PriorityGroup& group : groups) group.head_age.reset();
  return groups == KnownGroups();
}

}  // namespace

os::Result<void> CheckPeek(const PeekAt& peek) {
  // Twice: the first time must have changed nothing.
  for (int round = 0; round < 2; ++round) {
    for (std::uint64_t index = 0; index <= kMessages.size(); ++index) {
      auto buffer = os::PeekBuffer::Make(os::ProbeQueue::kLargestMessage);
      if (!buffer) return std::unexpected(buffer.error());
      const auto message = peek(index, *buffer);
      if (!message) return std::unexpected(message.error());
      if (!IsRight(*message, index)) return AnswersSomethingElse();
    }
  }
  return {};
}

os::Result<void> CheckPeek(os::Peek& peek, const os::UniqueFd& queue) {
  return CheckPeek([&](std::uint64_t index, os::PeekBuffer& buffer) { return peek(queue, index, buffer, kSubject); });
}

os::Result<void> CheckSnapshot(const TakePage& take) {
  std::array<mq_snapshot_entry, kMessages.size()> room{};
  for (const std::size_t page : {room.size(), std::size_t{1}}) {
    auto shape = WalkSnapshot(take, std::span(room).first(page));
    if (!shape) return std::unexpected(shape.error());
    if (!AreKnownTotals(shape->totals) || !AreKnownGroups(std::move(shape->groups))) return AnswersSomethingElse();
  }
  return {};
}

os::Result<void> CheckSnapshot(const os::UniqueFd& queue) {
  return CheckSnapshot([&](std::uint32_t below, std::span<mq_snapshot_entry> room) {
    return os::TakeSnapshot(queue, below, room, kSubject);
  });
}

}  // namespace mqueue::reader
