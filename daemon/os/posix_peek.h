#ifndef DAEMON_OS_POSIX_PEEK_H_
#define DAEMON_OS_POSIX_PEEK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "daemon/os/error.h"
#include "daemon/os/private_memory.h"
#include "daemon/os/unique_fd.h"
#include "kernel/uapi/mqueue_peek.h"

namespace mqueue::os {

/// Room for one message after another. A queue may allow messages of 16 MiB and hold short ones: only what a message
/// filled takes memory. Not thread-safe.
class PeekBuffer {
 public:
  /// Fails with ENOMEM.
  static Result<PeekBuffer> Make(std::size_t capacity) {
    auto memory = PrivateMemory::Allocate(capacity);
    if (!memory) return std::unexpected(memory.error());
    return PeekBuffer(*std::move(memory));
  }

  std::size_t capacity() const { return memory_.bytes().size(); }
  /// The first `size` bytes, which a message has filled.
  std::span<const std::byte> Filled(std::size_t size) const { return memory_.bytes().first(size); }

  char* data() { return reinterpret_cast<char*>(memory_.bytes().data()); }

 private:
  explicit PeekBuffer(PrivateMemory memory) : memory_(std::move(memory)) {}

  PrivateMemory memory_;
};

/// A message as a peek returns it. `payload` points into the caller's buffer.
struct PeekedMessage {
  std::uint32_t priority = 0;
  std::span<const std::byte> payload;
};

/// Copies the message at `index` in receive order (0 is what the next receive returns) and leaves the queue as it is.
/// Nothing behind the last message. `queue` is open for reading; `name` is for the error. The buffer has room for the
/// queue's largest message, else PeekBySyscall fails with EMSGSIZE and PeekByFcntl cuts the message.
using Peek = Result<std::optional<PeekedMessage>>(const UniqueFd& queue, std::uint64_t index, PeekBuffer& buffer,
                                                  std::string_view name);

/// fcntl(2) with F_MQ_PEEK. EINVAL where the kernel does not have it.
Peek PeekByFcntl;

/// mq_timedreceive2(2), never without MQ_PEEK. ENOSYS where the kernel does not have it, or some other call's answer:
/// to be used only where the kernel names it.
Peek PeekBySyscall;

/// One page of the shape of a queue, by ioctl(2) with MQ_IOC_SNAPSHOT: the totals of the whole queue, and in `room` the
/// first priorities below `below`, highest first, as many as fit and no more than MQ_SNAPSHOT_MAX. All of one moment.
/// ENOTTY where the kernel does not have it.
Result<mq_snapshot> TakeSnapshot(const UniqueFd& queue, std::uint32_t below, std::span<mq_snapshot_entry> room,
                                 std::string_view name);

}  // namespace mqueue::os

#endif  // DAEMON_OS_POSIX_PEEK_H_
