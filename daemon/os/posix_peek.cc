#include "daemon/os/posix_peek.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

namespace mqueue::os {
namespace {

// Neither call takes an index beyond these; no queue is that long.
constexpr std::uint64_t kLargestOffset = std::numeric_limits<std::int32_t>::max();

PeekedMessage Message(std::uint32_t priority, ssize_t size, PeekBuffer& buffer) {
  return {.priority = priority, .payload = buffer.Filled(static_cast<std::size_t>(size))};
}

}  // namespace

Result<std::optional<PeekedMessage>> PeekByFcntl(const UniqueFd& queue, std::uint64_t index, PeekBuffer& buffer,
                                                 std::string_view name) {
  mq_peek_attr peek{.offset = static_cast<std::int32_t>(std::min(index, kLargestOffset)),
                    .msg_prio = 0,
                    .buf_len = buffer.capacity(),
                    .buf = buffer.data()};
  const int size = ::fcntl(queue.get(), F_MQ_PEEK, &peek);
  if (size >= 0) return Message(peek.msg_prio, size, buffer);
  if (errno == ENOMSG) return std::nullopt;
  return Failure("fcntl(F_MQ_PEEK)", name);
}

Result<std::optional<PeekedMessage>> PeekBySyscall(const UniqueFd& queue, std::uint64_t index, PeekBuffer& buffer,
                                                   std::string_view name) {
#ifdef __NR_mq_timedreceive2
  unsigned priority = 0;
  mq_timedreceive2_args args{.msg_len = buffer.capacity(), .msg_prio = &priority, .msg_ptr = buffer.data()};
  const auto size = ::syscall(__NR_mq_timedreceive2, queue.get(), &args, MQ_PEEK, index, nullptr);
  if (size >= 0) return Message(priority, size, buffer);
  // The empty queue, and the end of one that is not.
  if (errno == EAGAIN || errno == ENOENT) return std::nullopt;
  return Failure("mq_timedreceive2", name);
#else
  return Failure("mq_timedreceive2", name, ENOSYS);
#endif
}

Result<mq_snapshot> TakeSnapshot(const UniqueFd& queue, std::uint32_t below, std::span<mq_snapshot_entry> room,
                                 std::string_view name) {
  mq_snapshot snapshot{};
  snapshot.below = below;
  snapshot.entries = reinterpret_cast<std::uintptr_t>(room.data());
  snapshot.nr_entries = static_cast<std::uint32_t>(room.size());
  if (::ioctl(queue.get(), MQ_IOC_SNAPSHOT, &snapshot) != 0) return Failure("ioctl(MQ_IOC_SNAPSHOT)", name);
  return snapshot;
}

}  // namespace mqueue::os
