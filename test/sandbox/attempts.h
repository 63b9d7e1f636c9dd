#ifndef TEST_SANDBOX_ATTEMPTS_H_
#define TEST_SANDBOX_ATTEMPTS_H_

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace mqueue::confinement {

/// What a process that was taken over would try its hand on: queues with a message each, and a directory with a file.
struct Targets {
  const char* posix_name = nullptr;
  int posix_queue = -1;
  int sysv_queue = -1;
  /// The root of an mqueue file system.
  int mqueue_directory = -1;
  /// Outside of what may be read.
  const char* file = nullptr;
};

/// How the kernel answers.
enum class Answer : std::uint8_t { kKilled, kNotPermitted, kNoSuchCall, kNoAccess };

struct Attempt {
  /// As in SECURITY.md.
  std::string_view what;
  Answer answer;
  /// Returns what the call does.
  std::function<long(const Targets&)> act;
};

/// Everything that the sandbox is to stop.
std::vector<Attempt> Attempts();

}  // namespace mqueue::confinement

#endif  // TEST_SANDBOX_ATTEMPTS_H_
