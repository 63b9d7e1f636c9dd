#ifndef DAEMON_OS_PRIVATE_MEMORY_H_
#define DAEMON_OS_PRIVATE_MEMORY_H_

#include <cstddef>
#include <span>

#include "daemon/os/error.h"

namespace mqueue::os {

/// Memory for payloads of messages: zeroed, never in a core dump (MADV_DONTDUMP), and unmapped with this object, so
/// that no payload is left in memory that the process uses later. Only touched pages are resident. Move-only; not
/// thread-safe.
class PrivateMemory {
 public:
  /// Fails with ENOMEM when the kernel or a limit refuses the memory. 0 bytes are no memory.
  static Result<PrivateMemory> Allocate(std::size_t bytes);

  /// No memory.
  PrivateMemory() = default;
  PrivateMemory(PrivateMemory&& other) noexcept;
  PrivateMemory& operator=(PrivateMemory&& other) noexcept;
  ~PrivateMemory();

  /// Aligned for anything.
  std::span<std::byte> bytes() const { return bytes_; }

 private:
  std::span<std::byte> bytes_;
};

}  // namespace mqueue::os

#endif  // DAEMON_OS_PRIVATE_MEMORY_H_
