#include "test/sandbox/attempts.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>

#include "kernel/uapi/mqueue_peek.h"

namespace mqueue::confinement {
namespace {

// Where what is read would go.
std::array<char, 8192> room;

struct SysvMessage {
  long type = 1;
  char text[8] = {};
};

long ReceiveSysv(const Targets& targets, int flags) {
  SysvMessage message;
  return ::msgrcv(targets.sysv_queue, &message, sizeof message.text, 0, flags);
}

long ReceiveByTheNewCall(const Targets& targets) {
  mq_timedreceive2_args arguments{.msg_len = room.size(), .msg_prio = nullptr, .msg_ptr = room.data()};
  return ::syscall(__NR_mq_timedreceive2, targets.posix_queue, &arguments, 0, 0, nullptr);
}

long SetAttributes(const Targets& targets) {
  const mq_attr attributes{.mq_flags = O_NONBLOCK};
  return ::mq_setattr(targets.posix_queue, &attributes, nullptr);
}

long SetSysv(const Targets& targets) {
  msqid_ds state{};
  ::msgctl(targets.sysv_queue, IPC_STAT, &state);
  return ::msgctl(targets.sysv_queue, IPC_SET, &state);
}

long SendDescriptor(const Targets& targets) {
  int ends[2];
  ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  char text = 'x';
  iovec part{&text, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  *reinterpret_cast<int*>(CMSG_DATA(header)) = targets.posix_queue;
  return ::sendmsg(ends[0], &message, 0);
}

long ReadMemoryOfParent(const Targets& /*targets*/) {
  const iovec here{room.data(), 1};
  const iovec there{room.data(), 1};
  return ::process_vm_readv(::getppid(), &here, 1, &there, 1, 0);
}

long OpenByHandle(const Targets& targets) {
  alignas(file_handle) std::array<char, sizeof(file_handle) + MAX_HANDLE_SZ> memory{};
  return ::open_by_handle_at(targets.mqueue_directory, reinterpret_cast<file_handle*>(memory.data()), O_RDONLY);
}

long Execute(const Targets& /*targets*/) {
  char name[] = "true";
  char* arguments[] = {name, nullptr};
  char* environment[] = {nullptr};
  return ::execve("/bin/true", arguments, environment);
}

long LoadProgram(const Targets& /*targets*/) {
  bpf_attr attributes{};
  return ::syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes);
}

#ifdef __x86_64__
// getpid as a 32-bit program would call it: its numbers mean other calls.
long CallAs32Bit(const Targets& /*targets*/) {
  long result = 20;  // NOLINT(misc-const-correctness): written below
  asm volatile("int $0x80" : "+a"(result) : : "memory");
  return result;
}
#endif

constexpr auto kKilled = Answer::kKilled;
constexpr auto kNotPermitted = Answer::kNotPermitted;

std::vector<Attempt> OnQueues() {
  return {
      {"`mq_timedreceive`", kKilled,
       [](const Targets& on) { return ::mq_receive(on.posix_queue, room.data(), room.size(), nullptr); }},
      {"`mq_timedreceive2` without `MQ_PEEK`", kKilled, ReceiveByTheNewCall},
      {"`msgrcv` without `MSG_COPY`", kKilled, [](const Targets& on) { return ReceiveSysv(on, IPC_NOWAIT); }},
      {"`msgrcv` without `IPC_NOWAIT`", kKilled, [](const Targets& on) { return ReceiveSysv(on, MSG_COPY); }},
      {"`mq_timedsend`", kKilled, [](const Targets& on) { return ::mq_send(on.posix_queue, "", 0, 0); }},
      {"`msgsnd`", kKilled,
       [](const Targets& on) {
         const SysvMessage message;
         return ::msgsnd(on.sysv_queue, &message, 0, IPC_NOWAIT);
       }},
      {"`mq_notify`", kKilled, [](const Targets& on) { return ::mq_notify(on.posix_queue, nullptr); }},
      {"`mq_getsetattr` with new attributes", kKilled, SetAttributes},
      {"`mq_open`", kKilled, [](const Targets& on) { return ::mq_open(on.posix_name, O_RDONLY); }},
      {"`msgget`", kKilled, [](const Targets&) { return ::msgget(IPC_PRIVATE, 0600); }},
      {"`mq_unlink`", kKilled, [](const Targets& on) { return ::mq_unlink(on.posix_name); }},
      {"`unlinkat`", kKilled, [](const Targets& on) { return ::unlinkat(on.mqueue_directory, on.posix_name + 1, 0); }},
      {"`msgctl` with `IPC_RMID`", kKilled,
       [](const Targets& on) { return ::msgctl(on.sysv_queue, IPC_RMID, nullptr); }},
      {"`msgctl` with `IPC_SET`", kKilled, SetSysv},
  };
}

std::vector<Attempt> OnFiles() {
  return {
      {"`openat` with `O_WRONLY`", kKilled, [](const Targets& on) { return ::open(on.file, O_WRONLY); }},
      {"`openat` with `O_RDWR`", kKilled, [](const Targets& on) { return ::open(on.file, O_RDWR); }},
      {"`openat` with `O_CREAT`", kKilled, [](const Targets& on) { return ::open(on.file, O_RDONLY | O_CREAT, 0600); }},
      {"`openat` with `O_TRUNC`", kKilled, [](const Targets& on) { return ::open(on.file, O_RDONLY | O_TRUNC); }},
      {"`openat2`", Answer::kNoSuchCall,
       [](const Targets&) { return ::syscall(SYS_openat2, AT_FDCWD, "/", nullptr, 0); }},
      {"`openat` for reading, of a file that is not the exporter's", Answer::kNoAccess,
       [](const Targets& on) { return ::open(on.file, O_RDONLY); }},
      {"`open_by_handle_at`", kKilled, OpenByHandle},
      {"`truncate`", kKilled, [](const Targets& on) { return ::truncate(on.file, 0); }},
      {"`rename`", kKilled, [](const Targets& on) { return ::rename(on.file, on.file); }},
      {"`link`", kKilled, [](const Targets& on) { return ::link(on.file, on.file); }},
      {"`chmod`", kKilled, [](const Targets& on) { return ::chmod(on.file, 0666); }},
      {"`mkdir`", kKilled, [](const Targets& on) { return ::mkdir(on.file, 0777); }},
  };
}

std::vector<Attempt> OnProcesses() {
  return {
      {"`execve`", kKilled, Execute},
      {"`execveat`", kKilled,
       [](const Targets& on) { return ::syscall(SYS_execveat, on.posix_queue, "", nullptr, nullptr, AT_EMPTY_PATH); }},
      {"`fork`", kNotPermitted,
       [](const Targets&) { return ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0); }},
      {"`clone3`", Answer::kNoSuchCall, [](const Targets&) { return ::syscall(SYS_clone3, nullptr, 0); }},
      {"`ptrace`", kKilled, [](const Targets&) { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
      {"`process_vm_readv`", kKilled, ReadMemoryOfParent},
      {"`pidfd_getfd`", kKilled, [](const Targets&) { return ::syscall(SYS_pidfd_getfd, 0, 0, 0); }},
      {"`kill`", kNotPermitted, [](const Targets&) { return ::kill(::getppid(), 0); }},
      {"`tgkill` of another process", kNotPermitted,
       [](const Targets&) { return ::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0); }},
  };
}

std::vector<Attempt> OnSockets() {
  return {
      {"`sendmsg`", kKilled, SendDescriptor},
      {"`io_uring_setup`", kKilled, [](const Targets&) { return ::syscall(SYS_io_uring_setup, 1, nullptr); }},
      {"`sendto` with an address", kNotPermitted,
       [](const Targets&) {
         const sockaddr address{};
         return ::sendto(0, "", 0, 0, &address, sizeof address);
       }},
      {"`socket`", kNotPermitted, [](const Targets&) { return ::socket(AF_INET, SOCK_STREAM, 0); }},
      {"`connect`", kNotPermitted, [](const Targets&) { return ::connect(0, nullptr, 0); }},
      {"`bind`", kNotPermitted, [](const Targets&) { return ::bind(0, nullptr, 0); }},
  };
}

std::vector<Attempt> OnTheSystem() {
  return {
      {"`bpf` but `BPF_ITER_CREATE`", kNotPermitted, LoadProgram},
      {"`mount`", kNotPermitted, [](const Targets& on) { return ::syscall(SYS_mount, "", on.file, "", 0, nullptr); }},
      {"`setns`", kNotPermitted, [](const Targets&) { return ::setns(0, 0); }},
      {"`unshare`", kNotPermitted, [](const Targets&) { return ::unshare(CLONE_NEWIPC); }},
      {"`setuid`", kNotPermitted, [](const Targets&) { return ::syscall(SYS_setuid, 0); }},
      {"`capset`", kNotPermitted, [](const Targets&) { return ::syscall(SYS_capset, nullptr, nullptr); }},
      {"`prctl` with `PR_SET_DUMPABLE`", kNotPermitted,
       [](const Targets&) { return ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }},
      {"`prlimit64` with new limits", kNotPermitted,
       [](const Targets& on) { return ::syscall(SYS_prlimit64, 0, 0, on.file, nullptr); }},
      {"`mmap` with `PROT_EXEC`", kNotPermitted,
       [](const Targets&) {
         return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1L
                                                                                                               : 0;
       }},
      {"`mprotect` with `PROT_EXEC`", kNotPermitted,
       [](const Targets&) { return ::mprotect(room.data(), 0, PROT_EXEC); }},
#ifdef __x86_64__
      {"any call of a 32-bit program", kKilled, CallAs32Bit},
#endif
  };
}

}  // namespace

std::vector<Attempt> Attempts() {
  std::vector<Attempt> all;
  for (const auto& some : {OnQueues(), OnFiles(), OnProcesses(), OnSockets(), OnTheSystem()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace mqueue::confinement
