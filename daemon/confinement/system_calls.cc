#include "daemon/confinement/system_calls.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <type_traits>
#include <utility>

namespace mqueue::confinement {
namespace {

// What a server with threads, timers and files to read does, whatever its arguments.
constexpr const char* kAllowed[] = {
    // Descriptors that are open.
    "read", "readv", "pread64", "write", "writev", "close", "close_range", "lseek", "fstat", "getdents", "getdents64",
    "dup",
    // What lies in the file system: to look at, and to open for reading (below).
    "stat", "lstat", "newfstatat", "fstatat64", "statx", "statfs", "fstatfs", "access", "faccessat", "faccessat2",
    "readlink", "readlinkat", "getcwd",
    // Sockets that are open.
    "accept", "accept4", "recvfrom", "shutdown", "getsockopt", "setsockopt", "getsockname", "getpeername",
    // Waiting.
    "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "poll", "ppoll", "select", "pselect6",
    "eventfd2", "timerfd_create", "timerfd_settime", "timerfd_gettime", "pipe2", "restart_syscall", "nanosleep",
    "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "time",
    // Memory and threads.
    "brk", "munmap", "mremap", "madvise", "futex", "futex_wake", "futex_wait", "futex_requeue", "set_robust_list",
    "get_robust_list", "rseq", "sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler", "getcpu",
    "membarrier", "set_tid_address", "gettid", "getpid", "getppid", "getuid", "geteuid", "getgid", "getegid",
    "getgroups", "capget", "getrusage", "sysinfo", "uname", "getrandom", "exit", "exit_group",
    // Signals to itself.
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "rt_sigpending", "rt_sigsuspend",
    "sigaltstack"};

// Each is a way of doing what a process that only looks has no business with. SECURITY.md has the table of these.
constexpr const char* kDeadly[] = {
    // Queues: to receive, to send, to be notified, to make, to remove.
    "mq_timedreceive", "mq_timedreceive_time64", "mq_timedsend", "mq_timedsend_time64", "mq_notify", "mq_open",
    "mq_unlink", "msgsnd", "msgget",
    // A queue is a file as well.
    "unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "rmdir", "mkdir",
    "mkdirat", "mknod", "mknodat", "truncate", "ftruncate", "chmod", "fchmod", "fchmodat", "fchmodat2", "chown",
    "fchown", "lchown", "fchownat", "creat", "open_by_handle_at",
    // Other programs and their memory.
    "execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp",
    // The way for a descriptor out of the process, and the way around this filter.
    "sendmsg", "sendmmsg", "io_uring_setup", "io_uring_enter", "io_uring_register"};

struct Release {
  void operator()(scmp_filter_ctx filter) const { ::seccomp_release(filter); }
};

class Filter {
 public:
  Filter() : filter_(::seccomp_init(SCMP_ACT_ERRNO(EPERM))) {}

  void Allow(const char* call) { Add(SCMP_ACT_ALLOW, call); }
  void Allow(const char* call, const scmp_arg_cmp& argument) { Add(SCMP_ACT_ALLOW, call, argument); }
  void Kill(const char* call) { Add(SCMP_ACT_KILL_PROCESS, call); }
  void Kill(const char* call, const scmp_arg_cmp& argument) { Add(SCMP_ACT_KILL_PROCESS, call, argument); }
  // By number: the library has no name for some.
  void Allow(const ReaderCall& call) {
    Add(SCMP_ACT_ALLOW, call.number, scmp_arg_cmp{call.argument, SCMP_CMP_EQ, call.value, 0});
    if (!call.deadly_otherwise) return;
    Add(SCMP_ACT_KILL_PROCESS, call.number, scmp_arg_cmp{call.argument, SCMP_CMP_NE, call.value, 0});
  }
  // As on a kernel that does not have it.
  void Lack(const char* call) { Add(SCMP_ACT_ERRNO(ENOSYS), call); }

  // Allows the call with one of the values as its argument; with another it fails.
  void AllowOneOf(const char* call, unsigned argument, std::initializer_list<std::uint64_t> values) {
    for (const std::uint64_t value : values) Allow(call, {argument, SCMP_CMP_EQ, value, 0});
  }

  os::Result<void> Load() {
    if (!filter_) return os::Failure("seccomp", "the filter", ENOMEM);
    // Binary search: the filter runs at every call.
    for (const auto& [attribute, value] :
         {std::pair<scmp_filter_attr, std::uint32_t>{SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS},
          {SCMP_FLTATR_CTL_TSYNC, 1},
          {SCMP_FLTATR_CTL_LOG, 1},
          {SCMP_FLTATR_CTL_OPTIMIZE, 2}}) {
      Keep(::seccomp_attr_set(filter_.get(), attribute, value));
    }
    if (failure_ == 0) Keep(::seccomp_load(filter_.get()));
    if (failure_ == 0) return {};
    auto failure = os::Failure("seccomp", "the filter", -failure_);
    failure.error().message += "; a kernel without CONFIG_SECCOMP_FILTER takes --no-sandbox";
    return failure;
  }

 private:
  template <typename... Arguments>
  void Add(std::uint32_t action, const char* call, const Arguments&... arguments) {
    const int number = ::seccomp_syscall_resolve_name(call);
    // Not known on this architecture, or to this library: then it is not allowed either.
    if (number != __NR_SCMP_ERROR) Add(action, number, arguments...);
  }
  template <typename... Arguments>
  void Add(std::uint32_t action, int number, const Arguments&... arguments) {
    Keep(::seccomp_rule_add(filter_.get(), action, number, sizeof...(arguments), arguments...));
  }

  // A rule that the architecture has no call for is no failure.
  void Keep(int result) {
    if (result < 0 && result != -EDOM && failure_ == 0) failure_ = result;
  }

  std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, Release> filter_;
  int failure_ = 0;
};

constexpr std::uint64_t kWriting = O_WRONLY | O_RDWR;

// For reading only, and nothing is made or cut.
void AddOpening(Filter& filter, const char* call, unsigned flags) {
  constexpr std::uint64_t kMaking = O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
  filter.Allow(call, {flags, SCMP_CMP_MASKED_EQ, kWriting | kMaking, 0});
  for (const std::uint64_t way : {std::uint64_t{O_WRONLY}, std::uint64_t{O_RDWR}, kWriting}) {
    filter.Kill(call, {flags, SCMP_CMP_MASKED_EQ, kWriting, way});
  }
  for (const std::uint64_t making : {O_CREAT, O_TRUNC, O_TMPFILE & ~O_DIRECTORY}) {
    filter.Kill(call, {flags, SCMP_CMP_MASKED_EQ, making, making});
  }
}

void AddFiles(Filter& filter) {
  AddOpening(filter, "open", 1);
  AddOpening(filter, "openat", 2);
  // Its flags lie in memory, where no filter sees them.
  filter.Lack("openat2");
  filter.AllowOneOf("fcntl", 1, {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC});
  filter.AllowOneOf("ioctl", 1, {FIONBIO, FIONREAD});
  // Without an address: to whom the socket is connected.
  filter.Allow("sendto", {4, SCMP_CMP_EQ, 0, 0});
}

void AddThreads(Filter& filter) {
  filter.Allow("clone", {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD});
  // As openat2; the C library then takes clone.
  filter.Lack("clone3");
  for (const char* call : {"mmap", "mmap2", "mprotect"}) filter.Allow(call, {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0});
  filter.AllowOneOf("prctl", 0, {PR_SET_NAME, PR_GET_NAME});
  // Limits are asked for and not set.
  filter.Allow("prlimit64", {2, SCMP_CMP_EQ, 0, 0});
  filter.Allow("getrlimit");
  filter.AllowOneOf("tgkill", 0, {static_cast<std::uint64_t>(::getpid())});
}

// Calls with which any program could change a queue: their rules do not depend on what readers there are.
void AddQueues(Filter& filter) {
  filter.Allow("mq_getsetattr", {1, SCMP_CMP_EQ, 0, 0});
  filter.Kill("mq_getsetattr", {1, SCMP_CMP_NE, 0, 0});
  constexpr std::uint64_t kLooking = MSG_COPY | IPC_NOWAIT;
  filter.Allow("msgrcv", {4, SCMP_CMP_MASKED_EQ, kLooking, kLooking});
  for (const std::uint64_t less : {std::uint64_t{0}, std::uint64_t{MSG_COPY}, std::uint64_t{IPC_NOWAIT}}) {
    filter.Kill("msgrcv", {4, SCMP_CMP_MASKED_EQ, kLooking, less});
  }
  filter.AllowOneOf("msgctl", 1, {IPC_INFO, MSG_INFO, IPC_STAT, MSG_STAT, MSG_STAT_ANY});
  for (const std::uint64_t command : {IPC_RMID, IPC_SET}) filter.Kill("msgctl", {1, SCMP_CMP_EQ, command, 0});
}

}  // namespace

os::Result<void> ConfineSystemCalls(std::span<const ReaderCall> calls) {
  Filter filter;
  for (const char* call : kAllowed) filter.Allow(call);
  for (const char* call : kDeadly) filter.Kill(call);
  AddFiles(filter);
  AddThreads(filter);
  AddQueues(filter);
  for (const ReaderCall& call : calls) filter.Allow(call);
  return filter.Load();
}

}  // namespace mqueue::confinement
