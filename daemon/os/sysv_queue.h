#ifndef DAEMON_OS_SYSV_QUEUE_H_
#define DAEMON_OS_SYSV_QUEUE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "daemon/os/error.h"
#include "daemon/os/private_memory.h"
#include "daemon/queue/queue_snapshot.h"

namespace mqueue::os {

/// msgctl(MSG_INFO): the SysV queues of the caller's IPC namespace as a whole.
struct SysvInfo {
  /// Highest slot in use; 0 also when there is no queue.
  int highest_slot = 0;
  std::uint64_t queues = 0;
  /// kernel.msgmni.
  std::uint64_t queues_limit = 0;
  /// kernel.msgmax, in bytes.
  std::uint64_t message_size_limit = 0;
};

/// msqid_ds of one queue.
struct SysvStatus {
  int msqid = 0;
  std::int32_t key = 0;
  Ownership ownership;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_limit = 0;
  /// Unix time in whole seconds; 0 when never.
  std::chrono::seconds last_sent{};
  std::chrono::seconds last_received{};
  /// 0 when nobody has.
  std::int32_t last_receiver_pid = 0;

  bool operator==(const SysvStatus&) const = default;
};

/// A message as MSG_COPY returns it. `payload` points into the caller's buffer.
struct SysvMessage {
  std::uint64_t type = 0;
  std::span<const std::byte> payload;
};

/// A reusable buffer for one message.
class SysvMessageBuffer {
 public:
  /// Makes room for a payload of `payload_bytes`; what was in the buffer is lost. Never shrinks. Fails with ENOMEM, and
  /// then the buffer is as before.
  Result<void> Reserve(std::size_t payload_bytes);
  /// Payload bytes that fit.
  std::size_t capacity() const { return memory_.bytes().empty() ? 0 : memory_.bytes().size() - sizeof(long); }

 private:
  friend Result<SysvMessage> CopyMessage(int msqid, std::uint64_t index, SysvMessageBuffer& buffer);

  // msgrcv(2) wants a long for the type in front of the payload.
  PrivateMemory memory_;
};

/// Fails with ENOSYS where the kernel has no SysV queues (CONFIG_SYSVIPC).
Result<SysvInfo> GetSysvInfo();

/// What is in a slot, whoever owns it (MSG_STAT_ANY: no permission needed). Nothing when the slot is empty.
std::optional<SysvStatus> StatSlot(int slot);

/// The queue of that id; nothing when it is gone.
std::optional<SysvStatus> StatQueue(int msqid);

/// Copies the message at `index` (0 is the oldest) without receiving it: MSG_COPY and IPC_NOWAIT always. Changes
/// nothing, not even msg_lrpid or msg_rtime. The kernel walks to `index` under the queue's lock: O(index).
/// Errors: ENOMSG behind the last message; E2BIG when the buffer is too small; EACCES; EIDRM or EINVAL when the queue
/// is gone, EINVAL also when the message is larger than a since lowered kernel.msgmax; ENOSYS without
/// CONFIG_CHECKPOINT_RESTORE; ENOMEM.
Result<SysvMessage> CopyMessage(int msqid, std::uint64_t index, SysvMessageBuffer& buffer);

/// Whether the running kernel knows MSG_COPY. Asks on an id that no queue has.
bool KernelHasMessageCopy();

}  // namespace mqueue::os

#endif  // DAEMON_OS_SYSV_QUEUE_H_
