// What looks through a peek cost, beside bare loops of the calls behind them: CPU time of this thread, which is a count
// of instructions where QEMU's -icount makes the clock. Prints lines "WHAT NANOSECONDS", the median of a few turns.
// Runs in a guest, where it makes and removes its queues.

#include <fcntl.h>
#include <mqueue.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/bpf/host_walker.h"
#include "daemon/bpf/queue_programs.h"
#include "daemon/discovery/discovery.h"
#include "daemon/os/clock.h"
#include "daemon/os/proc.h"
#include "daemon/queue/queue_rule.h"
#include "daemon/reader/catalogue.h"
#include "daemon/reader/ladder.h"
#include "daemon/reader/round_context.h"
#include "kernel/uapi/mqueue_peek.h"

namespace mqueue {
namespace {

constexpr int kTurns = 3;
constexpr int kMessageSize = 64;
constexpr int kPriorities = 10;
constexpr std::uint64_t kWholeQueue = 65536;

[[noreturn]] void Fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

/// A queue full of messages of kPriorities priorities.
class FullQueue {
 public:
  FullQueue(std::string name, int messages) : name_(std::move(name)) {
    mq_attr attributes{};
    attributes.mq_maxmsg = messages;
    attributes.mq_msgsize = kMessageSize;
    const mqd_t queue = ::mq_open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &attributes);
    if (queue == -1) Fail("mq_open");
    const std::array<char, kMessageSize> text{};
    for (int number = 0; number < messages; ++number) {
      const auto priority = static_cast<unsigned>(number % kPriorities);
      if (::mq_send(queue, text.data(), text.size(), priority) != 0) Fail("mq_send");
    }
    ::close(queue);
  }
  ~FullQueue() { ::mq_unlink(name_.c_str()); }
  FullQueue(const FullQueue&) = delete;
  FullQueue& operator=(const FullQueue&) = delete;

  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

std::vector<std::unique_ptr<FullQueue>> MakeQueues(int queues, int messages) {
  std::vector<std::unique_ptr<FullQueue>> made;
  made.reserve(static_cast<std::size_t>(queues));
  for (int number = 0; number < queues; ++number) {
    made.push_back(std::make_unique<FullQueue>("/bench-" + std::to_string(number), messages));
  }
  return made;
}

/// Opens the queue, hands its descriptor to `look`, closes it.
void BareLook(const std::string& path, const std::function<void(int)>& look) {
  const int queue = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (queue == -1) Fail("open");
  look(queue);
  ::close(queue);
}

void BareSnapshot(int queue) {
  std::array<mq_snapshot_entry, kPriorities> entries;
  mq_snapshot snapshot{};
  snapshot.below = MQ_PRIO_MAX;
  snapshot.entries = reinterpret_cast<std::uintptr_t>(entries.data());
  snapshot.nr_entries = entries.size();
  if (::ioctl(queue, MQ_IOC_SNAPSHOT, &snapshot) != 0) Fail("MQ_IOC_SNAPSHOT");
}

void BareScan(int queue) {
  std::array<char, kMessageSize> text{};
  mq_peek_attr peek{.offset = 0, .msg_prio = 0, .buf_len = text.size(), .buf = text.data()};
  while (::fcntl(queue, F_MQ_PEEK, &peek) >= 0) ++peek.offset;
}

/// The daemon's own rooms up to the looks, with one reader.
class Ours {
 public:
  explicit Ours(ReaderKind reader)
      : directory_(discovery::FindMqueueDirectory("/dev/mqueue", "/proc")),
        ladder_(reader::MakeReaders(reader::ProbeReaders(directory_), {.directory = directory_,
                                                                       .options = {.fcntl_max_messages = kWholeQueue,
                                                                                   .syscall_max_messages = kWholeQueue},
                                                                       .clock = os::Now})) {
    auto policy = std::make_shared<QueuePolicy>();
    policy->reader = reader;
    queues_ =
        discovery::Discovery({}, {.directory = directory_.value_or(nullptr), .procfs = "/proc"}, {.fallback = policy})
            .Discover()
            .queues;
  }

  /// Looks at all queues.
  void Look() const {
    reader::RoundContext context(std::chrono::hours(1));
    for (const auto& look : ladder_.LookAt(queues_, context)) {
      if (look && *look && !(*look)->truncated.value_or(true)) continue;
      std::fprintf(stderr, "a queue was not looked at as a whole\n");
      std::exit(1);
    }
  }

 private:
  reader::DirectoryResult directory_;
  reader::Ladder ladder_;
  std::vector<WatchedQueue> queues_;
};

void Print(const std::string& what, const std::function<void()>& run) {
  std::vector<std::chrono::nanoseconds> times;
  for (int turn = 0; turn < kTurns; ++turn) {
    const auto begin = os::ThreadCpuTime();
    run();
    times.push_back(os::ThreadCpuTime() - begin);
  }
  std::ranges::sort(times);
  std::printf("%s %lld\n", what.c_str(), static_cast<long long>(times[times.size() / 2].count()));
  std::fflush(stdout);
}

void PrintReaders(int messages) {
  const FullQueue queue("/bench", messages);
  for (const ReaderKind reader : {ReaderKind::kSnapshot, ReaderKind::kFcntl, ReaderKind::kSyscall}) {
    const Ours ours(reader);
    Print(std::string(ToString(reader)) + "_" + std::to_string(messages), [&] { ours.Look(); });
  }
  Print("bare_snapshot_" + std::to_string(messages), [] { BareLook("/dev/mqueue/bench", BareSnapshot); });
  Print("bare_fcntl_" + std::to_string(messages), [] { BareLook("/dev/mqueue/bench", BareScan); });
}

// Both look at one queue: a host snapshot takes two walks, and finds the queue by itself.
void PrintBpf(bpf::HostWalker& walker, int messages) {
  const FullQueue queue("/bench", messages);
  const Ours ours(ReaderKind::kSnapshot);
  Print("snapshot_" + std::to_string(messages), [&] { ours.Look(); });
  Print("bpf_" + std::to_string(messages), [&] {
    if (!walker.Take(false, std::chrono::steady_clock::time_point::max())) Fail("a host snapshot");
  });
}

int RunBpf() {
  auto programs = bpf::QueuePrograms::Load("/proc");
  if (!programs) {
    std::fprintf(stderr, "%s\n", programs.error().message.c_str());
    return 1;
  }
  bpf::HostWalker walker(*std::move(programs), *os::OwnIpcNamespace("/proc"), "/proc", os::Now);
  for (const int messages : {10, 100, 1000, 10000, 65536}) PrintBpf(walker, messages);
  return 0;
}

void PrintManyQueues() {
  const auto queues = MakeQueues(250, 1000);
  const Ours ours(ReaderKind::kSnapshot);
  Print("snapshot_of_250_queues", [&] { ours.Look(); });
  Print("bare_snapshot_of_250_queues", [&] {
    for (const auto& queue : queues) BareLook("/dev/mqueue" + queue->name(), BareSnapshot);
  });
}

void Unlimited() {
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  if (::setrlimit(RLIMIT_MSGQUEUE, &unlimited) != 0) Fail("setrlimit");
}

int Run(const std::string& what) {
  Unlimited();
  if (what == "looks") {
    for (const int messages : {10, 100, 1000, 10000, 65536}) PrintReaders(messages);
    PrintManyQueues();
    return 0;
  }
  if (what == "bpf") return RunBpf();
  if (what == "queues") {
    const auto queues = MakeQueues(250, 1000);
    std::printf("made\n");
    std::fflush(stdout);
    ::pause();
  }
  std::fprintf(stderr, "usage: peek_bench looks|bpf|queues\n");
  return 2;
}

}  // namespace
}  // namespace mqueue

int main(int argc, char** argv) { return mqueue::Run(argc == 2 ? argv[1] : ""); }
