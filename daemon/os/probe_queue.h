#ifndef DAEMON_OS_PROBE_QUEUE_H_
#define DAEMON_OS_PROBE_QUEUE_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "daemon/os/error.h"
#include "daemon/os/unique_fd.h"

namespace mqueue::os {

/// A POSIX queue of the daemon's own, with messages that it knows, to find out at start what the kernel can: whatever a
/// call does there, it does to nobody's queue. It has lost its name before anything is put into it, and is gone with
/// this object. This is the one place where the daemon sends, and it sends to itself.
class ProbeQueue {
 public:
  struct Message {
    std::uint32_t priority;
    std::string_view payload;
  };
  /// What is in it, in receive order. A call that goes by the order of sending, or of the priorities alone, is caught.
  static constexpr std::array<Message, 3> kMessages{{{7, "first of seven"}, {7, "second"}, {2, ""}}};
  static constexpr std::size_t kLargestMessage = 32;

  /// Fails with ENOSPC, EMFILE, ENFILE or ENOMEM when there is no room for one more queue or descriptor, which says
  /// nothing of the kernel.
  static Result<ProbeQueue> Make();

  const UniqueFd& descriptor() const { return descriptor_; }

  /// The device number of the mqueue file system that it is in: that of the caller's own IPC namespace. Each namespace
  /// has a file system and a device number of its own, for as long as it exists.
  Result<std::uint64_t> Device() const;

 private:
  explicit ProbeQueue(UniqueFd descriptor) : descriptor_(std::move(descriptor)) {}

  UniqueFd descriptor_;
};

}  // namespace mqueue::os

#endif  // DAEMON_OS_PROBE_QUEUE_H_
