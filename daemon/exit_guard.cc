#include "daemon/exit_guard.h"

#include <unistd.h>

#include <string>
#include <system_error>
#include <utility>

namespace mqueue {

os::Result<std::unique_ptr<ExitGuard>> ExitGuard::Start(std::function<int()> last_words) {
  try {
    return std::make_unique<ExitGuard>(std::move(last_words));
  } catch (const std::system_error& error) {
    return std::unexpected(os::Error{error.code().value(),
                                     "a thread: " + error.code().message() +
                                         "; raise the limits of tasks (RLIMIT_NPROC, pids.max, TasksMax=) and memory"});
  }
}

ExitGuard::ExitGuard(std::function<int()> last_words)
    : last_words_(std::move(last_words)), thread_([this] { Run(); }) {}

ExitGuard::~ExitGuard() {
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ExitGuard::Arm(std::chrono::steady_clock::duration time) {
  {
    const std::lock_guard lock(mutex_);
    if (!deadline_) deadline_ = std::chrono::steady_clock::now() + time;
  }
  changed_.notify_all();
}

void ExitGuard::Run() noexcept {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return released_ || deadline_; });
  if (released_ || !deadline_) return;
  const auto deadline = *deadline_;
  if (changed_.wait_until(lock, deadline, [this] { return released_; })) return;
  const int status = last_words_();
  // No destructor runs: it would wait for the threads that hang.
  ::_exit(status);
}

}  // namespace mqueue
