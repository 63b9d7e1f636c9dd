// Looks at every queue that exists, again and again without a pause, with the daemon's own discovery and readers; on
// SIGTERM it prints how many looks worked. What the daemon does a few times a second happens thousands of times here.
// usage: look_loop [READER]

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>

#include "daemon/bpf/host_walker.h"
#include "daemon/bpf/queue_programs.h"
#include "daemon/discovery/discovery.h"
#include "daemon/os/clock.h"
#include "daemon/os/proc.h"
#include "daemon/queue/queue_rule.h"
#include "daemon/reader/catalogue.h"
#include "daemon/reader/ladder.h"
#include "daemon/reader/round_context.h"

namespace mqueue {
namespace {

volatile std::sig_atomic_t ended = 0;

void End(int /*signal*/) { ended = 1; }

// BPF programs where they are what is to look: the others are to find their queues themselves.
reader::WalkerResult Walker(const QueueRules& rules) {
  if (rules.fallback->reader != ReaderKind::kBpf) return std::unexpected(os::Error{});
  auto programs = bpf::QueuePrograms::Load("/proc");
  if (!programs) return std::unexpected(programs.error());
  return std::make_shared<bpf::HostWalker>(*std::move(programs), *os::OwnIpcNamespace("/proc"), "/proc", os::Now);
}

// With a reader forced where one is named.
QueueRules Rules(const char* reader) {
  auto policy = std::make_shared<QueuePolicy>();
  if (reader != nullptr) policy->reader = ReaderKindFromString(reader);
  return {.fallback = policy};
}

int Run(const char* reader) {
  std::signal(SIGTERM, End);
  const reader::DirectoryResult directory = discovery::FindMqueueDirectory("", "/proc");
  if (!directory) {
    std::fprintf(stderr, "%s\n", directory.error().message.c_str());
    return 1;
  }
  const QueueRules rules = Rules(reader);
  const auto walker = Walker(rules);
  constexpr auto kAll = std::numeric_limits<std::uint64_t>::max();
  const reader::ReaderOptions whole_queue{
      .fcntl_max_messages = kAll, .syscall_max_messages = kAll, .msg_copy_max_messages = kAll, .digest = {}};
  const discovery::Discovery discovery(
      *os::OwnIpcNamespace("/proc"),
      {.directory = *directory, .walker = walker.value_or(nullptr), .all_namespaces = false, .procfs = "/proc"}, rules);
  const reader::Ladder ladder(reader::MakeReaders(reader::ProbeReaders(directory, {.walker = walker}),
                                                  {.directory = directory, .options = whole_queue, .clock = os::Now}));
  std::uint64_t worked = 0;
  while (ended == 0) {
    const auto found = discovery.Discover();
    reader::RoundContext context(std::chrono::hours(1), found.host_snapshot);
    for (const auto& look : ladder.LookAt(found.queues, context)) worked += look && *look;
  }
  std::printf("%llu\n", static_cast<unsigned long long>(worked));
  return 0;
}

}  // namespace
}  // namespace mqueue

int main(int argc, char** argv) { return mqueue::Run(argc == 2 ? argv[1] : nullptr); }
