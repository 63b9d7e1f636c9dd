#ifndef DAEMON_OS_UNIQUE_FD_H_
#define DAEMON_OS_UNIQUE_FD_H_

#include <unistd.h>

#include <utility>

namespace mqueue::os {

/// Owns one file descriptor and closes it. Move-only; not thread-safe.
class UniqueFd {
 public:
  UniqueFd() = default;
  /// Takes ownership of `fd`; a negative one is "none".
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, kNone)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~UniqueFd() {
    // A failed close(2) still releases the descriptor on Linux: there is nothing to retry.
    if (fd_ >= 0) ::close(fd_);
  }

  /// Still owned by this object.
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  /// Hands ownership to the caller.
  int release() { return std::exchange(fd_, kNone); }

 private:
  static constexpr int kNone = -1;

  int fd_ = kNone;
};

}  // namespace mqueue::os

#endif  // DAEMON_OS_UNIQUE_FD_H_
