#ifndef TEST_BPF_LOAD_H_
#define TEST_BPF_LOAD_H_

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace mqueue::bpf {

/// A process that does the same thing again and again until this object ends. Ends the program when it cannot start.
class Worker {
 public:
  explicit Worker(const std::function<void()>& act);
  ~Worker();
  Worker(Worker&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}
  Worker& operator=(Worker&&) = delete;

 private:
  pid_t pid_;
};

/// Two processes that send up to four messages to one POSIX queue after the other and take as many out, and two that do
/// so with the SysV queues; each waits for `pause` before the next four.
std::vector<Worker> MoveMessages(const std::vector<std::string>& posix_queues, const std::vector<int>& sysv_queues,
                                 std::chrono::microseconds pause);

/// Processes that make and remove queues of both kinds, and IPC namespaces with queues in them.
std::vector<Worker> ComeAndGo();

}  // namespace mqueue::bpf

#endif  // TEST_BPF_LOAD_H_
