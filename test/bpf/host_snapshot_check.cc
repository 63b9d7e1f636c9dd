// Takes host snapshots with the reader bpf while messages move at growing speeds, and at last while queues and
// namespaces come and go. Every host snapshot must hold what is true of a queue at any moment; on a kernel with
// MQ_IOC_SNAPSHOT it must also be one that the snapshots before and after it allow. Prints, by load, how many looks two
// walks agreed on. Ends with 1 at the first host snapshot that is wrong.
//
// usage: host_snapshot_check SECONDS    (as root, best in an IPC namespace of its own)

#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/bpf/host_walker.h"
#include "daemon/bpf/queue_programs.h"
#include "daemon/os/clock.h"
#include "daemon/os/posix_peek.h"
#include "daemon/os/proc.h"
#include "daemon/os/unique_fd.h"
#include "daemon/reader/snapshot_walk.h"
#include "test/bpf/load.h"

namespace mqueue::bpf {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

// Of each kind: one host snapshot is so many looks.
constexpr int kQueues = 16;

struct Load {
  const char* name;
  bool moving;
  microseconds pause;
  bool coming_and_going;
};

constexpr Load kLoads[] = {
    {"nothing moves", false, microseconds(0), false},
    {"four messages every 10 ms", true, microseconds(10000), false},
    {"four messages every ms", true, microseconds(1000), false},
    {"four messages every 100 us", true, microseconds(100), false},
    {"messages at full speed", true, microseconds(0), false},
    {"and queues and namespaces come and go", true, microseconds(0), true},
};

struct Tally {
  std::uint64_t looks = 0;
  std::uint64_t accepted = 0;
  /// Those during which the snapshots say that nothing moved: the host snapshot had to be the same.
  std::uint64_t pinned = 0;
};

// Queues of both kinds with a message in them, gone with this object.
class Queues {
 public:
  Queues() {
    for (int i = 0; i < kQueues; ++i) {
      names_.push_back("/host-snapshot-check-" + std::to_string(i));
      ::mq_unlink(names_.back().c_str());
      mq_attr attributes{.mq_maxmsg = 10, .mq_msgsize = 16};
      posix_.emplace(names_.back(),
                     os::UniqueFd(::mq_open(names_.back().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600, &attributes)));
      ::mq_send(posix_.at(names_.back()).get(), "steady", 6, 3);
      sysv_.push_back(::msgget(IPC_PRIVATE, 0600));
      const std::array<long, 2> message{1, 0};
      ::msgsnd(sysv_.back(), message.data(), sizeof(long), IPC_NOWAIT);
    }
  }
  ~Queues() {
    for (const std::string& name : names_) ::mq_unlink(name.c_str());
    for (const int id : sysv_) ::msgctl(id, IPC_RMID, nullptr);
  }
  Queues(const Queues&) = delete;
  Queues& operator=(const Queues&) = delete;

  const std::vector<std::string>& names() const { return names_; }
  const std::map<std::string, os::UniqueFd>& posix() const { return posix_; }
  const std::vector<int>& sysv() const { return sysv_; }

 private:
  std::vector<std::string> names_;
  std::map<std::string, os::UniqueFd> posix_;
  std::vector<int> sysv_;
};

// What the kernel's own snapshots say; nothing on a kernel without them.
using Shapes = std::map<std::string, reader::QueueShape>;

Shapes ShapesOf(const std::map<std::string, os::UniqueFd>& queues) {
  std::array<mq_snapshot_entry, 64> room;
  Shapes shapes;
  for (const auto& [name, descriptor] : queues) {
    auto shape = reader::WalkSnapshot(
        [&](std::uint32_t below, std::span<mq_snapshot_entry> page) {
          return os::TakeSnapshot(descriptor, below, page, name);
        },
        room);
    if (shape) shapes.emplace(name, *std::move(shape));
  }
  return shapes;
}

std::map<std::uint64_t, std::uint64_t> ByPriority(const std::vector<PriorityGroup>& groups) {
  std::map<std::uint64_t, std::uint64_t> messages;
  for (const PriorityGroup& group : groups) messages[group.value] = group.messages;
  return messages;
}

// What is true of every queue at any moment. Returns what is wrong, or "".
std::string Contradiction(const QueueRef& queue, const QueueSnapshot& seen) {
  if (seen.messages_limit && seen.messages > *seen.messages_limit) return "more messages than the queue takes";
  if (seen.inconsistent) return seen.groups || seen.head_priority ? "a histogram that was not settled" : "";
  if (!seen.groups) return "no histogram, and not called inconsistent";
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t highest = 0;
  for (const PriorityGroup& group : *seen.groups) {
    messages += group.messages;
    bytes += group.bytes.value_or(0);
    highest = std::max(highest, group.value);
    if (group.messages == 0) return "a priority without a message";
  }
  if (messages != seen.messages) return "a histogram that does not add up to the depth";
  if (bytes != seen.bytes) return "a histogram that does not add up to the bytes";
  if (seen.head_priority.has_value() != (messages != 0)) return "a head without messages, or messages without one";
  if (queue.ipc == Ipc::kPosix && messages != 0 && seen.head_priority != highest) {
    return "a head that is not of the highest priority";
  }
  return "";
}

// What the snapshots before and after the host snapshot do not allow. Returns "" when they do.
std::string Contradiction(const reader::QueueShape& before, const QueueSnapshot& seen,
                          const reader::QueueShape& after) {
  const std::uint64_t sent = after.totals.sent - before.totals.sent;
  const std::uint64_t received = after.totals.received - before.totals.received;
  if (seen.messages > before.totals.messages + sent) return "messages that nobody had sent";
  if (seen.messages + received < before.totals.messages) return "fewer messages than were left";
  if (seen.inconsistent || !seen.groups) return sent + received == 0 ? "inconsistent, though nothing moved" : "";
  const auto earlier = ByPriority(before.groups);
  const auto later = ByPriority(*seen.groups);
  for (const auto& [priority, messages] : later) {
    const auto had = earlier.find(priority);
    if (messages > (had == earlier.end() ? 0 : had->second) + sent) return "a priority that nobody had sent";
  }
  for (const auto& [priority, messages] : earlier) {
    const auto has = later.find(priority);
    if ((has == later.end() ? 0 : has->second) + received < messages) return "a priority that nobody had received";
  }
  if (sent + received == 0 && later != earlier) return "another histogram, though nothing moved";
  return "";
}

class Check {
 public:
  Check(HostWalker& walker, const IpcNamespace& own, const Queues& queues)
      : walker_(walker), own_(own), queues_(queues) {}

  // Looks for that long. Ends the program when a host snapshot is wrong.
  Tally Run(const Load& load, std::chrono::nanoseconds duration) {
    std::vector<Worker> workers;
    if (load.moving) workers = MoveMessages(queues_.names(), queues_.sysv(), load.pause);
    if (load.coming_and_going) {
      for (Worker& worker : ComeAndGo()) workers.push_back(std::move(worker));
    }
    Tally tally;
    const auto end = steady_clock::now() + duration;
    while (steady_clock::now() < end) LookOnce(tally);
    return tally;
  }

 private:
  void LookOnce(Tally& tally) {
    const Shapes before = ShapesOf(queues_.posix());
    const auto host_snapshot = walker_.Take(true, std::chrono::steady_clock::time_point::max());
    const Shapes after = ShapesOf(queues_.posix());
    if (!host_snapshot) Fail(host_snapshot.error().error.message, {}, {});
    int met = 0;
    for (const auto& [queue, seen] : (*host_snapshot)->queues) {
      if (const std::string wrong = Contradiction(queue, seen); !wrong.empty()) Fail(wrong, queue, seen);
      if (queue.ipc_namespace != own_ || !queues_.posix().contains(queue.name)) continue;
      ++met;
      ++tally.looks;
      tally.accepted += seen.inconsistent ? 0 : 1;
      if (before.empty()) continue;
      const reader::QueueShape& earlier = before.at(queue.name);
      const reader::QueueShape& later = after.at(queue.name);
      if (const std::string wrong = Contradiction(earlier, seen, later); !wrong.empty()) Fail(wrong, queue, seen);
      tally.pinned += earlier.totals.sent == later.totals.sent && earlier.totals.received == later.totals.received;
    }
    if (met != kQueues) Fail("a host snapshot without each of the queues", {}, {});
  }

  [[noreturn]] static void Fail(const std::string& what, const QueueRef& queue, const QueueSnapshot& seen) {
    std::printf("wrong: %s: %s in namespace %llu, %llu messages:\n", queue.name.c_str(), what.c_str(),
                static_cast<unsigned long long>(queue.ipc_namespace.inode),
                static_cast<unsigned long long>(seen.messages));
    for (const auto& [priority, messages] : ByPriority(seen.groups.value_or(std::vector<PriorityGroup>{}))) {
      std::printf("  priority %llu: %llu\n", static_cast<unsigned long long>(priority),
                  static_cast<unsigned long long>(messages));
    }
    std::exit(1);
  }

  HostWalker& walker_;
  const IpcNamespace own_;
  const Queues& queues_;
};

int Run(std::chrono::seconds duration) {
  auto programs = QueuePrograms::Load("/proc");
  const auto own = os::OwnIpcNamespace("/proc");
  if (!programs || !own) {
    std::printf("%s\n", (!own ? own.error() : programs.error()).message.c_str());
    return 1;
  }
  HostWalker walker(*std::move(programs), *own, "/proc", os::Now);
  const Queues queues;
  Check check(walker, *own, queues);
  Tally all;
  std::printf("%-40s %10s %10s %10s\n", "load", "looks", "accepted", "pinned");
  for (const Load& load : kLoads) {
    const Tally tally = check.Run(load, std::chrono::nanoseconds(duration) / std::size(kLoads));
    std::printf("%-40s %10llu %9.1f%% %10llu\n", load.name, static_cast<unsigned long long>(tally.looks),
                100.0 * static_cast<double>(tally.accepted) / static_cast<double>(tally.looks),
                static_cast<unsigned long long>(tally.pinned));
    std::fflush(stdout);
    all.looks += tally.looks;
    all.accepted += tally.accepted;
    all.pinned += tally.pinned;
    if (!load.moving && tally.accepted != tally.looks) {
      std::printf("wrong: looks were not accepted though nothing moved\n");
      return 1;
    }
  }
  std::printf(
      "%llu looks, %llu accepted, none wrong; %s\n", static_cast<unsigned long long>(all.looks),
      static_cast<unsigned long long>(all.accepted),
      all.pinned == 0 ? "this kernel has no snapshots to compare with" : "compared with the kernel's snapshots");
  std::printf("the longest callback took %.3f ms\n",
              std::chrono::duration<double, std::milli>(walker.LongestCallback()).count());
  return 0;
}

}  // namespace
}  // namespace mqueue::bpf

int main(int argc, char** argv) {
  const long seconds = argc == 2 ? std::strtol(argv[1], nullptr, 10) : 0;
  if (seconds > 0) return mqueue::bpf::Run(std::chrono::seconds(seconds));
  std::fprintf(stderr, "usage: host_snapshot_check SECONDS\n");
  return 2;
}
