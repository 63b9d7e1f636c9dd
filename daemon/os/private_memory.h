#ifndef DAEMON_OS_PRIVATE_MEMORY_H_
#define DAEMON_OS_PRIVATE_MEMORY_H_

#include <cstddef>
#include <span>

namespace mqueue::os {

/// Room for other people's messages: zeroed, never in a core dump (MADV_DONTDUMP), and given back to the kernel as soon
/// as this object goes, so that nothing of a message is in memory that the process uses later. Only what is touched
/// takes memory. Move-only; not thread-safe.
class PrivateMemory {
 public:
  /// None for 0 bytes. Throws std::bad_alloc when there is no room.
  explicit PrivateMemory(std::size_t bytes);
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
