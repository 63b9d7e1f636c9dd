// Walks over two queues without a pause while 800 threads wait on the first, then on the second, and so on. The entry
// with which a thread waits lies on its stack, at the same address for both queues: a walk that stands on an entry when
// its thread moves goes on in the list of the other queue, and never meets the end of its own.
//
// After each move all threads stand still: walks must still end, and count all threads as waiting on the second queue.
// Ends with 1 at the first walk that does not.
// usage: moving_waiters posix|sysv MOVES    (as root, in a new IPC namespace with fs.mqueue.msg_max of at least 2700)

#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/bpf/queue_programs.h"
#include "daemon/os/proc.h"

namespace mqueue::bpf {
namespace {

constexpr unsigned kThreads = 800;
// Takes the program about as many steps as it makes in one callback, less half of the threads: it pauses, and other
// threads run, while it stands on a thread that waits on the first queue.
constexpr int kMessages = 2600;
constexpr int kEmptyQueues = 98;
// Only a failing check waits this long.
constexpr auto kDeadline = std::chrono::seconds(20);

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "wrong: %s\n", what.c_str());
  std::_Exit(1);
}

void Must(bool worked, const char* what) {
  if (worked) return;
  std::perror(what);
  std::_Exit(1);
}

mqd_t Make(const std::string& name, long messages) {
  mq_attr attributes{.mq_maxmsg = messages, .mq_msgsize = 1};
  const mqd_t queue = ::mq_open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600, &attributes);
  Must(queue != -1, name.c_str());
  return queue;
}

// A queue that threads wait on.
struct Queue {
  std::function<void()> send;
  std::function<void()> receive;
};

Queue Posix(const std::string& name) {
  const mqd_t queue = Make(name, 8);
  return {.send = [queue] { Must(::mq_send(queue, "", 0, 0) == 0, "mq_send"); },
          .receive =
              [queue] {
                char message = 0;
                Must(::mq_receive(queue, &message, 1, nullptr) == 0, "mq_receive");
              }};
}

Queue Sysv() {
  const int queue = ::msgget(IPC_PRIVATE, 0600);
  Must(queue != -1, "msgget");
  return {.send =
              [queue] {
                const long type = 1;
                Must(::msgsnd(queue, &type, 0, 0) == 0, "msgsnd");
              },
          .receive =
              [queue] {
                long type = 0;
                Must(::msgrcv(queue, &type, 0, 0, 0) == 0, "msgrcv");
              }};
}

// The first is the one that a walk comes to first: the directory shows the newest first, System V ids go up.
std::pair<Queue, Queue> MakeQueues(bool posix) {
  if (!posix) {
    Queue first = Sysv();
    return {std::move(first), Sysv()};
  }
  Queue second = Posix("/second");
  return {Posix("/first"), std::move(second)};
}

void MakeSteps() {
  const mqd_t full = Make("/full", kMessages);
  for (unsigned i = 0; i < kMessages; ++i) Must(::mq_send(full, "", 0, i) == 0, "mq_send");
  for (int i = 0; i < kEmptyQueues; ++i) Make("/empty-" + std::to_string(i), 1);
}

void StartThreads(const Queue& first, const Queue& second) {
  for (unsigned i = 0; i < kThreads; ++i) {
    std::thread([&first, &second] {
      while (true) {
        first.receive();
        second.receive();
      }
    }).detach();
  }
}

// The threads that wait on one queue move to the other.
void Release(const Queue& queue) {
  for (unsigned i = 0; i < kThreads; ++i) queue.send();
}

// Walks on a thread of its own, until the program ends.
class Walker {
 public:
  Walker(QueuePrograms programs, std::uint64_t space) {
    std::thread([this, programs = std::move(programs), space]() mutable {
      while (true) {
        auto walk = programs.WalkQueues(space, std::chrono::steady_clock::now() + kDeadline);
        if (!walk) Fail(walk.error().error.message);
        const std::lock_guard lock(mutex_);
        last_ = *std::move(walk);
        ++walks_;
      }
    }).detach();
  }

  // The receivers of each queue that has any, by a walk that begins after now.
  std::vector<std::uint32_t> CountReceivers() {
    const std::uint64_t enough = walks() + 2;
    const auto end = std::chrono::steady_clock::now() + kDeadline;
    while (walks() < enough) {
      if (std::chrono::steady_clock::now() > end) Fail("a walk does not end");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const std::lock_guard lock(mutex_);
    std::vector<std::uint32_t> receivers;
    for (const WalkedQueue& queue : last_.queues) {
      if (queue.record.waiting_receivers > 0) receivers.push_back(queue.record.waiting_receivers);
    }
    return receivers;
  }

  std::uint64_t walks() {
    const std::lock_guard lock(mutex_);
    return walks_;
  }

 private:
  std::mutex mutex_;
  Walk last_;
  std::uint64_t walks_ = 0;
};

// One CPU for all: the threads move while the walk is paused, and never beside it.
void UseOneCpu() {
  cpu_set_t cpus;
  Must(::sched_getaffinity(0, sizeof(cpus), &cpus) == 0, "sched_getaffinity");
  int cpu = 0;
  while (!CPU_ISSET(cpu, &cpus)) ++cpu;
  CPU_ZERO(&cpus);
  CPU_SET(cpu, &cpus);
  Must(::sched_setaffinity(0, sizeof(cpus), &cpus) == 0, "sched_setaffinity");
}

void Run(bool posix, long moves) {
  UseOneCpu();
  auto programs = QueuePrograms::Load("/proc");
  const auto own = os::OwnIpcNamespace("/proc");
  if (!programs || !own) Fail((!own ? own.error() : programs.error()).message);
  const auto [first, second] = MakeQueues(posix);
  MakeSteps();
  StartThreads(first, second);
  Walker walker(*std::move(programs), own->inode);
  for (long move = 0; move < moves; ++move) {
    Release(first);
    while (walker.CountReceivers() != std::vector<std::uint32_t>{kThreads}) {
    }
    Release(second);
  }
  std::printf("%llu walks during %ld moves\n", static_cast<unsigned long long>(walker.walks()), moves);
  std::fflush(stdout);
}

}  // namespace
}  // namespace mqueue::bpf

int main(int argc, char** argv) {
  const std::string kind = argc == 3 ? argv[1] : "";
  const long moves = argc == 3 ? std::strtol(argv[2], nullptr, 10) : 0;
  if (moves <= 0 || (kind != "posix" && kind != "sysv")) {
    std::fprintf(stderr, "usage: moving_waiters posix|sysv MOVES\n");
    return 2;
  }
  mqueue::bpf::Run(kind == "posix", moves);
  // Without waiting for the threads.
  std::_Exit(0);
}
