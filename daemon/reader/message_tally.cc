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
  const bool may_be_twin = value == seen_.head_value;
  if (!seen_.head_mark || (index != 1 && !may_be_twin)) return;
  const std::uint64_t identity = digest_(value, payload);
  if (index == 1) seen_.head_mark->next = identity;
  seen_.head_mark->twins += identity == seen_.head_mark->identity;
}

MessagesSeen MessageTally::Finish() {
  for (const auto& [value, group] : groups_) seen_.groups.push_back(group);
  return std::move(seen_);
}

}  // namespace mqueue::reader
