#include "daemon/reader/message_tally.h"

#include <utility>

namespace mqueue::reader {

void MessageTally::Add(std::uint64_t index, std::uint64_t value, std::span<const std::byte> payload) {
  if (group_ == nullptr || group_->value != value) {
    group_ = &groups_[value];
    group_->value = value;
  }
  ++group_->messages;
  group_->bytes = group_->bytes.value_or(0) + payload.size();
  ++seen_.messages;
  seen_.bytes += payload.size();
  MarkHead(index, value, payload);
}

void MessageTally::MarkHead(std::uint64_t index, std::uint64_t value, std::span<const std::byte> payload) {
  if (index == 0) {
    seen_.head_value = value;
    seen_.head_mark = HeadMark{.identity = digest_(value, payload)};
    return;
  }
  // No twin has another type or priority: most messages need not be digested.
  if (!seen_.head_mark || value != seen_.head_value) return;
  seen_.head_mark->twins += digest_(value, payload) == seen_.head_mark->identity;
}

MessagesSeen MessageTally::Finish() {
  for (const auto& [value, group] : groups_) seen_.groups.push_back(group);
  return std::move(seen_);
}

}  // namespace mqueue::reader
