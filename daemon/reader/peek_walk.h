#ifndef DAEMON_READER_PEEK_WALK_H_
#define DAEMON_READER_PEEK_WALK_H_

#include <cstdint>
#include <functional>
#include <string_view>

#include "daemon/os/posix_peek.h"
#include "daemon/reader/cpu_budget.h"
#include "daemon/reader/message_tally.h"

namespace mqueue::reader {

/// Copies the message at an index of one queue, as os::Peek does.
using PeekAt = std::function<os::Result<std::optional<os::PeekedMessage>>(std::uint64_t index, os::PeekBuffer& buffer)>;

/// Peeks at message after message, in receive order, until the queue ends, `max_messages` are seen or the budget of
/// `meter` is spent; the first message is always looked at. `largest_message` is the queue's mq_msgsize. The groups are
/// lowest priority first, as MessagesSeen has them. Fails as `peek` does, and with ENOMEM.
os::Result<MessagesSeen> WalkByPeek(const PeekAt& peek, std::uint64_t max_messages, std::uint64_t largest_message,
                                    const MessageDigest& digest, CpuMeter& meter);

}  // namespace mqueue::reader

#endif  // DAEMON_READER_PEEK_WALK_H_
