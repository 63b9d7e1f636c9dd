#include "daemon/reader/msg_copy_walk.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace mqueue::reader {
namespace {

// Reading the thread's CPU clock costs about as much as copying a message.
constexpr std::uint64_t kMessagesBetweenMeterReadings = 16;
constexpr std::uint64_t kSmallestBuffer = 64;

// The kernel copies the whole buffer in before it copies the message out, so a buffer near the messages' size is the
// cheapest: their average, or for one message its size.
std::uint64_t FirstBufferSize(const os::SysvStatus& queue, std::uint64_t largest) {
  const std::uint64_t average = queue.messages == 0 ? 0 : (queue.bytes + queue.messages - 1) / queue.messages;
  return std::min(std::max(average, kSmallestBuffer), largest);
}

class Walker {
 public:
  Walker(const os::SysvStatus& queue, const MsgCopyBounds& bounds, const MessageDigest& digest)
      : queue_(queue), bounds_(bounds), tally_(digest) {}

  os::Result<MsgCopyWalk> Walk(CpuMeter& meter) {
    const auto reserved = buffer_.Reserve(FirstBufferSize(queue_, bounds_.largest_message));
    if (!reserved) return std::unexpected(reserved.error());
    for (std::uint64_t index = 0; index < bounds_.max_messages; ++index) {
      // The first message is always looked at: a queue must not lose its head to a spent budget for ever.
      if (index % kMessagesBetweenMeterReadings == kMessagesBetweenMeterReadings - 1 && meter.Spent()) break;
      if (const auto step = Step(index); !step) return std::unexpected(step.error());
      if (walk_.complete) break;
    }
    walk_.seen = tally_.Finish();
    return std::move(walk_);
  }

 private:
  os::Result<void> Step(std::uint64_t index) {
    const auto message = Copy(index);
    if (message) {
      tally_.Add(index, message->type, message->payload);
      return {};
    }
    if (message.error().code == ENOMSG) {
      walk_.complete = true;
      return {};
    }
    if (!IsTooLargeForEver(message.error().code)) return std::unexpected(message.error());
    walk_.uncopied.push_back(index);
    return {};
  }

  os::Result<os::SysvMessage> Copy(std::uint64_t index) {
    auto message = os::CopyMessage(queue_.msqid, index, buffer_);
    while (!message && message.error().code == E2BIG && buffer_.capacity() < bounds_.largest_message) {
      const auto reserved = buffer_.Reserve(std::min(2 * buffer_.capacity(), bounds_.largest_message));
      if (!reserved) return std::unexpected(reserved.error());
      message = os::CopyMessage(queue_.msqid, index, buffer_);
    }
    return message;
  }

  // E2BIG with the largest buffer, or EINVAL of a queue that still exists: the message outgrew a lowered msgmax.
  bool IsTooLargeForEver(int code) const {
    return code == E2BIG || (code == EINVAL && os::StatQueue(queue_.msqid).has_value());
  }

  const os::SysvStatus& queue_;
  const MsgCopyBounds& bounds_;
  MessageTally tally_;
  os::SysvMessageBuffer buffer_;
  MsgCopyWalk walk_;
};

}  // namespace

os::Result<MsgCopyWalk> WalkMessages(const os::SysvStatus& queue, const MsgCopyBounds& bounds,
                                     const MessageDigest& digest, CpuMeter& meter) {
  return Walker(queue, bounds, digest).Walk(meter);
}

}  // namespace mqueue::reader
