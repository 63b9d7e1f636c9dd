// CPU time of the looks of a round over the idle queues that exist, all of one kind, beside a bare loop of the same
// system calls; the two take turns. Prints "QUEUES OURS BARE", times in nanoseconds a round, the median of all rounds.
// usage: looks_bench attr|msg_stat

#include <dirent.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/discovery/discovery.h"
#include "daemon/os/clock.h"
#include "daemon/queue/queue_rule.h"
#include "daemon/reader/catalogue.h"
#include "daemon/reader/ladder.h"
#include "daemon/reader/round_context.h"

namespace mqueue {
namespace {

constexpr int kRounds = 200;

[[noreturn]] void Fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

/// The mqueue file system, in no mount table, as the daemon has it.
DIR* MountDetached() {
  const auto context = static_cast<int>(::syscall(SYS_fsopen, "mqueue", FSOPEN_CLOEXEC));
  if (context == -1) Fail("fsopen");
  if (::syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) Fail("fsconfig");
  const auto root = static_cast<int>(::syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0));
  if (root == -1) Fail("fsmount");
  ::close(context);
  return ::fdopendir(::openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

/// List, open, fstat, mq_getattr, close. Returns the queues seen.
std::size_t BarePosixRound(DIR* directory) {
  std::vector<std::string> names;
  ::rewinddir(directory);
  while (const dirent* entry = ::readdir(directory)) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  for (const std::string& name : names) {
    const int queue = ::openat(::dirfd(directory), name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (queue == -1) Fail("openat");
    struct stat status{};
    mq_attr attributes{};
    if (::fstat(queue, &status) != 0 || ::mq_getattr(queue, &attributes) != 0) Fail("mq_getattr");
    ::close(queue);
  }
  return names.size();
}

/// MSG_INFO, MSG_STAT_ANY on every slot to find the queues, and again to look at each.
std::size_t BareSysvRound() {
  msginfo info{};
  const int highest = ::msgctl(0, MSG_INFO, reinterpret_cast<msqid_ds*>(&info));
  std::vector<int> slots;
  msqid_ds status{};
  for (int slot = 0; slot <= highest; ++slot) {
    if (::msgctl(slot, MSG_STAT_ANY, &status) != -1) slots.push_back(slot);
  }
  for (const int slot : slots) {
    if (::msgctl(slot, MSG_STAT_ANY, &status) == -1) Fail("msgctl");
  }
  return slots.size();
}

QueueRules OnlyThisReader(ReaderKind reader) {
  auto policy = std::make_shared<QueuePolicy>();
  policy->reader = reader;
  return {.fallback = policy};
}

/// The daemon's own rooms, without what comes after the looks.
class Ours {
 public:
  explicit Ours(ReaderKind reader)
      : directory_(discovery::FindMqueueDirectory("", "/proc")),
        discovery_({}, {.directory = directory_.value_or(nullptr), .procfs = "/proc"}, OnlyThisReader(reader)),
        ladder_(reader::MakeReaders(reader::ProbeReaders(directory_),
                                    {.directory = directory_, .options = {}, .clock = os::Now})) {}

  std::size_t Round() const {
    const std::vector<WatchedQueue> queues = discovery_.Discover().queues;
    reader::RoundContext context(std::chrono::hours(1));
    const auto looks = ladder_.LookAt(queues, context);
    return static_cast<std::size_t>(std::ranges::count_if(looks, [](const auto& look) { return look && *look; }));
  }

 private:
  reader::DirectoryResult directory_;
  discovery::Discovery discovery_;
  reader::Ladder ladder_;
};

std::chrono::nanoseconds CpuTimeOf(const std::function<std::size_t()>& round, std::size_t expected) {
  const auto begin = os::ThreadCpuTime();
  if (round() != expected) {
    std::fprintf(stderr, "a round did not see all %zu queues\n", expected);
    std::exit(1);
  }
  return os::ThreadCpuTime() - begin;
}

std::chrono::nanoseconds Median(std::vector<std::chrono::nanoseconds> times) {
  std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
  return times[times.size() / 2];
}

void Compare(ReaderKind reader, const std::function<std::size_t()>& bare) {
  const Ours ours(reader);
  const std::size_t queues = bare();
  std::vector<std::chrono::nanoseconds> our_times;
  std::vector<std::chrono::nanoseconds> bare_times;
  for (int round = 0; round < kRounds; ++round) {
    our_times.push_back(CpuTimeOf([&ours] { return ours.Round(); }, queues));
    bare_times.push_back(CpuTimeOf(bare, queues));
  }
  std::printf("%zu %lld %lld\n", queues, static_cast<long long>(Median(our_times).count()),
              static_cast<long long>(Median(bare_times).count()));
}

int Run(std::string_view name) {
  const auto reader = ReaderKindFromString(name);
  if (reader == ReaderKind::kAttr) {
    DIR* const directory = MountDetached();
    Compare(*reader, [directory] { return BarePosixRound(directory); });
  } else if (reader == ReaderKind::kMsgStat) {
    Compare(*reader, BareSysvRound);
  } else {
    std::fprintf(stderr, "usage: looks_bench attr|msg_stat\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace mqueue

int main(int argc, char** argv) { return mqueue::Run(argc == 2 ? argv[1] : ""); }
