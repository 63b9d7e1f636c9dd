// What the reader bpf costs, in CPU time of this thread, in an IPC namespace of its own: loading its program, a host
// snapshot of so many queues, and a host snapshot of one queue of so many messages beside a look by msg_copy; the
// longest that the kernel ran the program in one go; and how long mq_send takes, alone and while host snapshots are
// taken. Needs root.

#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "daemon/bpf/host_walker.h"
#include "daemon/bpf/queue_programs.h"
#include "daemon/os/clock.h"
#include "daemon/os/proc.h"
#include "daemon/queue/queue_ref.h"
#include "daemon/reader/msg_copy_reader.h"
#include "daemon/reader/round_context.h"
#include "test/bpf/load.h"

namespace mqueue {
namespace {

constexpr char kProc[] = "/proc";
constexpr int kRepetitions = 20;

// SysV queues that are gone with this object.
class Queues {
 public:
  explicit Queues(int count) {
    for (int i = 0; i < count; ++i) ids_.push_back(::msgget(IPC_PRIVATE, 0600));
  }
  ~Queues() {
    for (const int id : ids_) ::msgctl(id, IPC_RMID, nullptr);
  }
  Queues(const Queues&) = delete;
  Queues& operator=(const Queues&) = delete;

  int first() const { return ids_.front(); }

  void Fill(int messages) const {
    const msgbuf message{.mtype = 1, .mtext = {'x'}};
    for (int i = 0; i < messages; ++i) ::msgsnd(first(), &message, 1, IPC_NOWAIT);
  }

 private:
  std::vector<int> ids_;
};

// What did not work took no time that is worth printing.
template <typename T>
void Expect(const os::Result<T>& result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

std::shared_ptr<const bpf::HostSnapshot> TakeHostSnapshot(bpf::HostWalker& walker) {
  auto host_snapshot = walker.Take(false, std::chrono::steady_clock::time_point::max());
  if (host_snapshot) return *std::move(host_snapshot);
  std::fprintf(stderr, "%s\n", host_snapshot.error().error.message.c_str());
  std::exit(1);
}

double Milliseconds(const std::function<void()>& run) {
  std::vector<std::chrono::nanoseconds> times;
  for (int i = 0; i < kRepetitions; ++i) {
    const auto begin = os::ThreadCpuTime();
    run();
    times.push_back(os::ThreadCpuTime() - begin);
  }
  std::ranges::nth_element(times, times.begin() + kRepetitions / 2);
  return std::chrono::duration<double, std::milli>(times[kRepetitions / 2]).count();
}

double MsgCopy(const QueueRef& queue) {
  reader::MsgCopyReader reader(std::numeric_limits<std::uint64_t>::max(), {}, os::Now);
  return Milliseconds([&] {
    reader::RoundContext context(std::chrono::hours(1));
    reader.LookAt(std::vector{queue}, context);
  });
}

// The 99th percentile of as many calls as fill a second or so.
double SendMicroseconds(mqd_t queue) {
  std::vector<std::chrono::nanoseconds> times;
  char text = 'x';
  for (int i = 0; i < 200000; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    ::mq_send(queue, &text, 1, 0);
    times.push_back(std::chrono::steady_clock::now() - begin);
    ::mq_receive(queue, &text, 1, nullptr);
  }
  const auto p99 = times.begin() + static_cast<std::ptrdiff_t>(times.size()) * 99 / 100;
  std::ranges::nth_element(times, p99);
  return std::chrono::duration<double, std::micro>(*p99).count();
}

// Of a queue that the host snapshots show.
void PrintSends(bpf::HostWalker& walker) {
  mq_attr attributes{.mq_maxmsg = 1, .mq_msgsize = 1};
  const mqd_t queue = ::mq_open("/sent", O_RDWR | O_CREAT, 0600, &attributes);
  const double alone = SendMicroseconds(queue);
  double watched = 0;
  {
    const bpf::Worker looker([&] { TakeHostSnapshot(walker); });
    watched = SendMicroseconds(queue);
  }
  ::mq_unlink("/sent");
  ::mq_close(queue);
  std::printf("p99 of mq_send alone     %8.4f ms\n", alone / 1000);
  std::printf("p99 during host snapshots%8.4f ms\n", watched / 1000);
}

int Run() {
  if (::unshare(CLONE_NEWIPC) != 0) {
    std::perror("unshare(CLONE_NEWIPC)");
    return 1;
  }
  std::ofstream("/proc/sys/kernel/msgmnb") << 65536;
  std::printf("loading the program      %8.2f ms\n", Milliseconds([] { Expect(bpf::QueuePrograms::Load(kProc)); }));
  auto programs = bpf::QueuePrograms::Load(kProc);
  if (!programs) {
    std::fprintf(stderr, "%s\n", programs.error().message.c_str());
    return 1;
  }
  const auto own = *os::OwnIpcNamespace(kProc);
  bpf::HostWalker walker(*std::move(programs), own, kProc, os::Now);
  const auto host_snapshot = [&walker] { TakeHostSnapshot(walker); };
  for (const int count : {10, 100, 1000, 10'000, 30'000}) {
    const Queues queues(count);
    std::printf("host snapshot of %5d queues   %8.2f ms\n", count, Milliseconds(host_snapshot));
  }
  for (const int messages : {10, 100, 1000, 10000, 65536}) {
    const Queues queue(1);
    queue.Fill(messages);
    std::printf("host snapshot of %5d messages %8.2f ms", messages, Milliseconds(host_snapshot));
    const auto id = static_cast<std::uint64_t>(queue.first());
    // The kernel walks the queue anew for each message: more takes minutes.
    if (messages <= 10000) std::printf("   msg_copy %10.2f ms", MsgCopy({Ipc::kSysv, own, "id", id}));
    std::printf("\n");
  }
  std::printf("longest callback         %8.2f ms\n",
              std::chrono::duration<double, std::milli>(walker.LongestCallback()).count());
  PrintSends(walker);
  return 0;
}

}  // namespace
}  // namespace mqueue

int main() { return mqueue::Run(); }
