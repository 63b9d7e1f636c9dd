#ifndef DAEMON_READER_MESSAGE_DIGEST_H_
#define DAEMON_READER_MESSAGE_DIGEST_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqueue::reader {

/// Reduces a message to a number by which it can be recognised and from which nothing can be read back: keyed with a
/// secret of this process (XXH3 with a seed), so that no sender can aim at another message's number. Not cryptographic.
/// Immutable, so thread-safe.
class MessageDigest {
 public:
  /// With a random key of its own (std::random_device).
  MessageDigest();
  explicit MessageDigest(std::uint64_t key) : key_(key) {}

  /// Never 0, which stands for "no message". `type` is the SysV type or POSIX priority.
  std::uint64_t operator()(std::uint64_t type, std::span<const std::byte> payload) const;

 private:
  std::uint64_t key_ = 0;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_MESSAGE_DIGEST_H_
