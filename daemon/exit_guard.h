#ifndef DAEMON_EXIT_GUARD_H_
#define DAEMON_EXIT_GUARD_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "daemon/os/error.h"

namespace mqueue {

/// Ends the process at a deadline, unless this object is destroyed before: stopping then does not depend on threads
/// that hang. It has its own thread, created at start, so that it needs nothing at the end.
class ExitGuard {
 public:
  /// `last_words` is called on the guard's thread right before the end, and returns the exit status. Fails when the
  /// system refuses the thread.
  static os::Result<std::unique_ptr<ExitGuard>> Start(std::function<int()> last_words);

  explicit ExitGuard(std::function<int()> last_words);
  /// The process may go on.
  ~ExitGuard();
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;

  /// Sets the deadline. Later calls are ignored.
  void Arm(std::chrono::steady_clock::duration time);

 private:
  void Run() noexcept;

  const std::function<int()> last_words_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  bool released_ = false;
  std::thread thread_;
};

}  // namespace mqueue

#endif  // DAEMON_EXIT_GUARD_H_
