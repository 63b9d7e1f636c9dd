#include "daemon/bpf/agreement.h"

namespace mqueue::bpf {
namespace {

bool Equal(const BpfTotals& one, const BpfTotals& other) {
  return one.messages == other.messages && one.bytes == other.bytes && one.changed == other.changed &&
         one.sent == other.sent && one.received == other.received;
}

bool HaveSameHead(const BpfQueueRecord& one, const BpfQueueRecord& other) {
  return one.head == other.head && one.head_size == other.head_size && one.head_value == other.head_value &&
         one.head_digest == other.head_digest;
}

}  // namespace

bool AddsUp(const WalkedQueue& queue) {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  for (const Group& group : queue.groups) {
    messages += group.messages;
    bytes += group.bytes;
  }
  const BpfTotals& said = queue.record.after;
  return queue.record.complete == 1 && Equal(queue.record.before, said) && messages == said.messages &&
         bytes == said.bytes;
}

bool Agree(const WalkedQueue& earlier, const WalkedQueue& later) {
  return IsSameQueue(earlier, later) && AddsUp(earlier) && AddsUp(later) &&
         Equal(earlier.record.after, later.record.before) && HaveSameHead(earlier.record, later.record) &&
         earlier.groups == later.groups;
}

bool IsSameQueue(const WalkedQueue& one, const WalkedQueue& other) {
  return one.record.kind == other.record.kind && one.record.address == other.record.address &&
         one.record.id == other.record.id && one.record.key == other.record.key && one.name == other.name;
}

}  // namespace mqueue::bpf
