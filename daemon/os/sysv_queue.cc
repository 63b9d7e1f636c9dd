#include "daemon/os/sysv_queue.h"

#include <sys/ipc.h>
#include <sys/msg.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

namespace mqueue::os {
namespace {

// An id is sequence << shift | slot; the shift is 15, or 24 under the boot option ipcmni_extend.
constexpr int kSlotMasks[] = {(1 << 15) - 1, (1 << 24) - 1};

SysvStatus ToStatus(int msqid, const msqid_ds& queue) {
  constexpr unsigned kPermissionBits = 0777;
  return {.msqid = msqid,
          .key = queue.msg_perm.__key,
          .ownership = {.uid = queue.msg_perm.uid,
                        .gid = queue.msg_perm.gid,
                        .mode = static_cast<std::uint32_t>(queue.msg_perm.mode) & kPermissionBits},
          .messages = queue.msg_qnum,
          .bytes = queue.__msg_cbytes,
          .bytes_limit = queue.msg_qbytes,
          .last_sent = std::chrono::seconds(queue.msg_stime),
          .last_received = std::chrono::seconds(queue.msg_rtime),
          .last_receiver_pid = queue.msg_lrpid};
}

}  // namespace

Result<void> SysvMessageBuffer::Reserve(std::size_t payload_bytes) {
  if (!memory_.bytes().empty() && payload_bytes <= capacity()) return {};
  auto memory = PrivateMemory::Allocate(sizeof(long) + payload_bytes);
  if (!memory) return std::unexpected(memory.error());
  memory_ = *std::move(memory);
  return {};
}

Result<SysvInfo> GetSysvInfo() {
  msginfo info{};
  const int highest = ::msgctl(0, MSG_INFO, reinterpret_cast<msqid_ds*>(&info));
  if (highest < 0) return Failure("msgctl(MSG_INFO)", "SysV message queues");
  // For MSG_INFO the kernel puts the number of queues in use into msgpool.
  return SysvInfo{.highest_slot = highest,
                  .queues = static_cast<std::uint64_t>(info.msgpool),
                  .queues_limit = static_cast<std::uint64_t>(info.msgmni),
                  .message_size_limit = static_cast<std::uint64_t>(info.msgmax)};
}

std::optional<SysvStatus> StatSlot(int slot) {
  msqid_ds queue{};
  const int msqid = ::msgctl(slot, MSG_STAT_ANY, &queue);
  if (msqid < 0) return std::nullopt;
  return ToStatus(msqid, queue);
}

std::optional<SysvStatus> StatQueue(int msqid) {
  for (const int mask : kSlotMasks) {
    const auto status = StatSlot(msqid & mask);
    if (status && status->msqid == msqid) return status;
  }
  return std::nullopt;
}

Result<SysvMessage> CopyMessage(int msqid, std::uint64_t index, SysvMessageBuffer& buffer) {
  // For the type alone, where nothing was reserved.
  if (const auto reserved = buffer.Reserve(0); !reserved) return std::unexpected(reserved.error());
  const std::span<std::byte> room = buffer.memory_.bytes();
  const ssize_t bytes =
      ::msgrcv(msqid, room.data(), buffer.capacity(), static_cast<long>(index), MSG_COPY | IPC_NOWAIT);
  if (bytes < 0) return Failure("msgrcv(MSG_COPY)", "msqid " + std::to_string(msqid));
  long type = 0;
  std::memcpy(&type, room.data(), sizeof type);
  return SysvMessage{.type = static_cast<std::uint64_t>(type),
                     .payload = room.subspan(sizeof type, static_cast<std::size_t>(bytes))};
}

bool KernelHasMessageCopy() {
  constexpr int kNoQueue = std::numeric_limits<int>::max();
  SysvMessageBuffer buffer;
  const auto message = CopyMessage(kNoQueue, 0, buffer);
  // A kernel without MSG_COPY says ENOSYS before it looks for the queue.
  return message || message.error().code != ENOSYS;
}

}  // namespace mqueue::os
