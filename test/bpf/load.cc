#include "test/bpf/load.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace mqueue::bpf {
namespace {

constexpr int kBurst = 4;
constexpr std::size_t kSize = 16;

struct SysvMessage {
  long type = 1;
  std::array<char, kSize> text{};
};

void Must(bool worked, const char* what) {
  if (worked) return;
  std::perror(what);
  std::_Exit(1);
}

void SendPosix(mqd_t queue, unsigned priority, std::size_t size) {
  const std::array<char, kSize> text{};
  ::mq_send(queue, text.data(), size, priority);
}

void SendSysv(int msqid, unsigned type, std::size_t size) {
  const SysvMessage message{.type = type + 1};
  ::msgsnd(msqid, &message, size, IPC_NOWAIT);
}

// Both wait for nothing: a worker may take what another one has sent.
void MovePosix(mqd_t queue) {
  static unsigned number = 0;
  std::array<char, kSize> text;
  for (int i = 0; i < kBurst; ++i, ++number) SendPosix(queue, number * 7 % 5, number % kSize);
  for (int i = 0; i < kBurst; ++i) ::mq_receive(queue, text.data(), text.size(), nullptr);
}

void MoveSysv(int msqid) {
  static unsigned number = 0;
  SysvMessage message;
  for (int i = 0; i < kBurst; ++i, ++number) SendSysv(msqid, number * 7 % 5, number % kSize);
  for (int i = 0; i < kBurst; ++i) ::msgrcv(msqid, &message, kSize, 0, IPC_NOWAIT);
}

// Queues that are there for as long as it takes to fill them.
void MakeBriefQueues(const std::string& name) {
  mq_attr attributes{.mq_maxmsg = kBurst, .mq_msgsize = kSize};
  const mqd_t posix = ::mq_open(name.c_str(), O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attributes);
  const int sysv = ::msgget(IPC_PRIVATE, 0600);
  Must(posix != -1 && sysv != -1, "make a queue");
  for (unsigned i = 0; i < kBurst; ++i) {
    SendPosix(posix, i, i);
    SendSysv(sysv, i, i);
  }
  ::mq_unlink(name.c_str());
  ::msgctl(sysv, IPC_RMID, nullptr);
  ::mq_close(posix);
}

// The namespace ends with its only process, which leaves its queues to it.
void MakeBriefNamespace() {
  const pid_t child = ::fork();
  if (child == 0) {
    Must(::unshare(CLONE_NEWIPC) == 0, "unshare");
    const mqd_t posix = ::mq_open("/left", O_RDWR | O_CREAT, 0600, nullptr);
    const int sysv = ::msgget(1, IPC_CREAT | 0600);
    for (unsigned i = 0; i < kBurst; ++i) {
      SendPosix(posix, i, i);
      SendSysv(sysv, i, i);
    }
    std::_Exit(0);
  }
  Must(child != -1, "fork");
  ::waitpid(child, nullptr, 0);
}

}  // namespace

Worker::Worker(const std::function<void()>& act) : pid_(::fork()) {
  Must(pid_ != -1, "fork");
  if (pid_ != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  while (true) act();
}

Worker::~Worker() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::vector<Worker> MoveMessages(const std::vector<std::string>& posix_queues, const std::vector<int>& sysv_queues,
                                 std::chrono::microseconds pause) {
  std::vector<mqd_t> opened;
  for (const std::string& name : posix_queues) {
    opened.push_back(::mq_open(name.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    Must(opened.back() != -1, "mq_open");
  }
  std::vector<Worker> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back([=] {
      static std::size_t turn = 0;
      MovePosix(opened[turn++ % opened.size()]);
      if (pause.count() != 0) std::this_thread::sleep_for(pause);
    });
    workers.emplace_back([=] {
      static std::size_t turn = 0;
      MoveSysv(sysv_queues[turn++ % sysv_queues.size()]);
      if (pause.count() != 0) std::this_thread::sleep_for(pause);
    });
  }
  for (const mqd_t queue : opened) ::mq_close(queue);
  return workers;
}

std::vector<Worker> ComeAndGo() {
  std::vector<Worker> workers;
  workers.emplace_back([] { MakeBriefQueues("/brief"); });
  workers.emplace_back(MakeBriefNamespace);
  return workers;
}

}  // namespace mqueue::bpf
