#include "daemon/reader/peek_walk.h"

#include <algorithm>

namespace mqueue::reader {
namespace {

// Reading the thread's CPU clock costs about half as much as a peek.
constexpr std::uint64_t kMessagesBetweenMeterReadings = 32;

}  // namespace

os::Result<MessagesSeen> WalkByPeek(const PeekAt& peek, std::uint64_t max_messages, std::uint64_t largest_message,
                                    const MessageDigest& digest, CpuMeter& meter) {
  MessageTally tally(digest);
  // A queue of empty messages has mq_msgsize all the same, but F_MQ_PEEK takes no buffer of size 0.
  auto buffer = os::PeekBuffer::Make(std::max<std::uint64_t>(largest_message, 1));
  if (!buffer) return std::unexpected(buffer.error());
  for (std::uint64_t index = 0; index < max_messages; ++index) {
    const bool meter_is_due = index % kMessagesBetweenMeterReadings == kMessagesBetweenMeterReadings - 1;
    if (meter_is_due && meter.Spent()) break;
    const auto message = peek(index, *buffer);
    if (!message) return std::unexpected(message.error());
    const std::optional<os::PeekedMessage>& peeked = *message;
    if (!peeked) break;
    tally.Add(index, peeked->priority, peeked->payload);
  }
  return tally.Finish();
}

}  // namespace mqueue::reader
