#include "daemon/os/standard_streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace mqueue::os {
namespace {

constexpr char kNull[] = "/dev/null";

// Returns the number of descriptors that are ready, or -1.
int Poll(int descriptor, int timeout) {
  pollfd entry{.fd = descriptor, .events = POLLOUT, .revents = 0};
  return ::poll(&entry, 1, timeout);
}

}  // namespace

Result<void> OpenStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1) continue;
    // The lowest free number is `stream`: all below it are open. It stays open for the life of the process.
    if (::open(kNull, O_RDWR | O_NOCTTY) != stream) return Failure("open", kNull);
  }
  return {};
}

bool IsWritable(int descriptor) { return Poll(descriptor, 0) > 0; }

Result<void> WriteAll(int descriptor, std::string_view text) {
  constexpr int kForever = -1;
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written < 0 && errno == EAGAIN) {
      Poll(descriptor, kForever);
    } else if (written == 0 || errno != EINTR) {
      return Failure("write", "descriptor " + std::to_string(descriptor), written == 0 ? EIO : errno);
    }
  }
  return {};
}

}  // namespace mqueue::os
