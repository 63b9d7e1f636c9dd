#ifndef DAEMON_QUEUE_QUEUE_REF_H_
#define DAEMON_QUEUE_QUEUE_REF_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace mqueue {

/// The two kinds of message queue that Linux has.
enum class Ipc : std::uint8_t { kPosix, kSysv };

/// "posix" or "sysv", as in the `ipc` label.
std::string_view ToString(Ipc ipc);

/// One IPC namespace.
struct IpcNamespace {
  /// Inode number of /proc/PID/ns/ipc. The kernel hands out the number of an ended namespace again.
  std::uint64_t inode = 0;
  /// Tells a reused inode number apart. 0 for the daemon's own namespace, which cannot end while the daemon lives in
  /// it.
  std::uint64_t generation = 0;

  /// The inode number that every kernel gives the initial IPC namespace (PROC_IPC_INIT_INO).
  static constexpr std::uint64_t kInitialInode = 0xEFFFFFFF;

  /// Whether it is the daemon's.
  bool IsOwn() const { return generation == 0; }

  /// "host" for the initial namespace, else the inode number in decimal: the `ipc_namespace` label.
  std::string Label() const;

  auto operator<=>(const IpcNamespace&) const = default;
};

/// One queue, and not just its name: a queue that is removed and created again under the same name is another one.
struct QueueRef {
  Ipc ipc = Ipc::kPosix;
  IpcNamespace ipc_namespace;
  /// POSIX: the name with its leading slash, any bytes but '/' and NUL behind it.
  /// SysV: the key as "0x0000beef", or "id:7" for a queue made with IPC_PRIVATE.
  std::string name;
  /// POSIX: the inode number in the mqueue file system. SysV: the msqid, which carries the slot's sequence number.
  std::uint64_t id = 0;

  auto operator<=>(const QueueRef&) const = default;
};

/// The name of a SysV queue as QueueRef has it. `key` 0 is IPC_PRIVATE.
std::string SysvQueueName(std::int32_t key, std::uint64_t msqid);

}  // namespace mqueue

#endif  // DAEMON_QUEUE_QUEUE_REF_H_
