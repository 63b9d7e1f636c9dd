#ifndef DAEMON_BPF_AGREEMENT_H_
#define DAEMON_BPF_AGREEMENT_H_

#include "daemon/bpf/walk.h"

namespace mqueue::bpf {

/// Whether the walk over a queue's messages came to its end, and they add up to what the queue said of itself before
/// and after, and it said the same both times.
bool AddsUp(const WalkedQueue& queue);

/// Whether two walks, one right after the other, saw the same queue with the same messages, so that what they saw can
/// be shown as one host snapshot: both add up, to the same totals and times; both met the same number and bytes of each
/// priority, and the same first and last message of it.
///
/// A message that goes in or out changes the totals, and one that goes in as another goes out changes the first or the
/// last message of a priority or its count, unless it takes the very place in memory and in the order. To be misled,
/// all of this must happen twice in the same way: between two reads of the same word in both walks, with the old and
/// the new message of the same size at the same address at the same end of the same priority. What is then shown is a
/// state with the right totals in which one message is another of the same size and priority.
bool Agree(const WalkedQueue& earlier, const WalkedQueue& later);

/// Whether both are one queue, and not two that had the same name, number or address after each other.
bool IsSameQueue(const WalkedQueue& one, const WalkedQueue& other);

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_AGREEMENT_H_
