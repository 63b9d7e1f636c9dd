#include "daemon/bpf/queue_programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <queues.skel.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "daemon/bpf/mapped_array.h"
#include "daemon/bpf/page_reader.h"
#include "daemon/os/unique_fd.h"

namespace mqueue::bpf {
namespace {

// CLOCK_MONOTONIC, as bpf_ktime_get_ns() in the program.
using TimePoint = std::chrono::steady_clock::time_point;

// Of the program, in one walk. A queue of 524,288 messages in a namespace of one task takes 128.
constexpr int kMostRuns = 65536;

constexpr char kKernelTypes[] = "/sys/kernel/btf/vmlinux";

struct CloseSkeleton {
  void operator()(queues_bpf* skeleton) const { queues_bpf__destroy(skeleton); }
};
using Skeleton = std::unique_ptr<queues_bpf, CloseSkeleton>;

struct CloseLink {
  void operator()(bpf_link* link) const { bpf_link__destroy(link); }
};

// What stands in the way, with what to do about it.
std::unexpected<os::Error> NotLoaded(int code) {
  auto failure = os::Failure("bpf", "the programs that read queues", code);
  if (code == EPERM) {
    failure.error().message += "; grant CAP_BPF and CAP_PERFMON, and bpf(2) where a seccomp profile forbids it";
  } else if (code == EMFILE || code == ENFILE) {
    failure.error().message += "; raise the limit of open files: ulimit -n in a shell, LimitNOFILE= in a unit";
  } else if (::access(kKernelTypes, R_OK) != 0) {
    failure.error().message += "; the kernel has no " + std::string(kKernelTypes) + " (CONFIG_DEBUG_INFO_BTF)";
  } else {
    failure.error().message += "; the kernel is older than 6.1, or its queues are laid out in another way";
  }
  return failure;
}

// Its number keeps others from making payloads that look alike to the daemon.
std::uint64_t RandomKey() {
  std::uint64_t key = 0;
  // Without randomness heads are recognised all the same.
  if (::getrandom(&key, sizeof(key), 0) != sizeof(key)) return 0;
  return key;
}

std::uint64_t InodeOf(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

}  // namespace

class QueuePrograms::Impl {
 public:
  static os::Result<std::unique_ptr<Impl>> Load(const std::string& procfs) {
    // What it would say is told by the error.
    ::libbpf_set_print(nullptr);
    auto impl = std::make_unique<Impl>();
    impl->skeleton_.reset(queues_bpf__open());
    if (!impl->skeleton_) return NotLoaded(errno);
    if (const int error = queues_bpf__load(impl->skeleton_.get()); error != 0) return NotLoaded(-error);
    impl->link_.reset(::bpf_program__attach_iter(impl->skeleton_->progs.report_queues, nullptr));
    if (!impl->link_) return NotLoaded(errno);
    if (auto mapped = impl->MapArrays(); !mapped) return std::unexpected(mapped.error());
    impl->control().key = RandomKey();
    impl->control().own_space = InodeOf(procfs + "/self/ns/ipc");
    impl->control().pid_space = InodeOf(procfs + "/self/ns/pid");
    return impl;
  }

  WalkResult<Walk> WalkQueues(std::uint64_t only_space, TimePoint deadline, const WalkLimits& limits) {
    Begin(only_space, deadline, limits);
    PageReader pages(queues_expected_);
    bool continued = false;
    for (int runs = 0;; ++runs) {
      if (runs == kMostRuns) return GiveUp(WalkEnd::kTooManyRuns);
      const auto progress = control().progress;
      control().waiting = 0;
      if (auto ran = RunOnce(deadline); !ran) return std::unexpected(ran.error());
      if (control().expired != 0) return GiveUp(WalkEnd::kDeadline);
      AddPage(pages, continued);
      continued = control().busy != 0 && control().queues > 0;
      if (control().busy == 0 && control().waiting == 0) break;
      if (control().busy != 0 && control().progress == progress) {
        // No task lives in it any more: whatever the cursor points to is gone.
        pages.LastSpaceEnded();
        control().busy = 0;
        continued = false;
      }
      if (!continued) control().queues = 0;
    }
    Walk walk = pages.Finish();
    queues_expected_ = walk.queues.size();
    walk.left_out = {
        .namespaces = control().spaces_left_out, .queues = control().queues_left_out, .cut = control().queues_cut};
    walk.whole = control().broken == 0;
    return walk;
  }

  std::chrono::nanoseconds LongestCallback() const {
    return std::chrono::nanoseconds(skeleton_->bss->control.longest_ns);
  }

 private:
  BpfControl& control() { return skeleton_->bss->control; }

  os::Result<void> MapArrays() {
    auto spaces = MappedArray<BpfSpace>::Map(::bpf_map__fd(skeleton_->maps.spaces), kBpfSpaces);
    if (!spaces) return std::unexpected(spaces.error());
    auto queues = MappedArray<BpfQueue>::Map(::bpf_map__fd(skeleton_->maps.queues), kBpfQueues);
    if (!queues) return std::unexpected(queues.error());
    auto runs = MappedArray<BpfRun>::Map(::bpf_map__fd(skeleton_->maps.runs), kBpfRuns);
    if (!runs) return std::unexpected(runs.error());
    spaces_ = *std::move(spaces);
    queues_ = *std::move(queues);
    runs_ = *std::move(runs);
    return {};
  }

  void Begin(std::uint64_t only_space, TimePoint deadline, const WalkLimits& limits) {
    ++control().pass;
    control().deadline = std::max<std::int64_t>(std::chrono::nanoseconds(deadline.time_since_epoch()).count(), 0);
    control().expired = 0;
    control().spaces_left = limits.namespaces;
    control().steps_left = limits.steps;
    control().runs_left = limits.runs;
    control().queues_left = limits.queues;
    control().queues_left_out = 0;
    control().queues_cut = 0;
    control().only_space = only_space;
    control().spaces = 0;
    control().spaces_before = 0;
    control().queues = 0;
    control().queue = 0;
    control().runs = 0;
    control().run_open = 0;
    control().busy = 0;
    control().spaces_left_out = 0;
    control().broken = 0;
  }

  static std::unexpected<WalkFailure> GiveUp(WalkEnd end) {
    return std::unexpected(
        WalkFailure{end, {ETIME, "the walk over the host's queues was given up: " + std::string(ToString(end))}});
  }

  static std::unexpected<WalkFailure> NotRun(const char* call) {
    return std::unexpected(
        WalkFailure{WalkEnd::kFailed, os::Failure(call, "an iterator over the tasks", errno).error()});
  }

  // Has the program called for every task. It writes nothing to the iterator's file, so the first read finds the end.
  WalkResult<void> RunOnce(TimePoint deadline) {
    const os::UniqueFd iterator(::bpf_iter_create(::bpf_link__fd(link_.get())));
    if (!iterator) return NotRun("bpf");
    std::array<char, 64> nothing{};
    while (true) {
      const ssize_t got = ::read(iterator.get(), nothing.data(), nothing.size());
      if (got == 0) return {};
      // A signal, or the kernel's own bound on one read, ends it early.
      if (got < 0 && errno != EINTR && errno != EAGAIN) return NotRun("read");
      if (std::chrono::steady_clock::now() >= deadline) return GiveUp(WalkEnd::kDeadline);
    }
  }

  // Takes a page over and makes room for the next one; the last queue stays, since its walk may not be over.
  void AddPage(PageReader& pages, bool continued) {
    const auto spaces = std::min<std::uint64_t>(control().spaces, spaces_.values().size());
    pages.AddSpaces(spaces_.values().first(spaces));
    control().spaces_before += spaces;
    control().spaces = 0;
    const auto queues = std::min<std::uint64_t>(control().queues, queues_.values().size());
    const auto runs = std::min<std::uint64_t>(control().runs, runs_.values().size());
    pages.Add(queues_.values().first(queues), runs_.values().first(runs), continued);
    if (queues > 0) queues_.values().front() = queues_.values()[queues - 1];
    control().queues = queues > 0 ? 1 : 0;
    control().queue = 0;
    control().runs = 0;
    control().run_open = 0;
  }

  Skeleton skeleton_;
  std::unique_ptr<bpf_link, CloseLink> link_;
  MappedArray<BpfSpace> spaces_;
  MappedArray<BpfQueue> queues_;
  MappedArray<BpfRun> runs_;
  // As many as the last walk met.
  std::size_t queues_expected_ = 0;
};

QueuePrograms::QueuePrograms(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
QueuePrograms::QueuePrograms(QueuePrograms&&) noexcept = default;
QueuePrograms& QueuePrograms::operator=(QueuePrograms&&) noexcept = default;
QueuePrograms::~QueuePrograms() = default;

os::Result<QueuePrograms> QueuePrograms::Load(const std::string& procfs) {
  auto impl = Impl::Load(procfs);
  if (!impl) return std::unexpected(impl.error());
  return QueuePrograms(*std::move(impl));
}

WalkResult<Walk> QueuePrograms::WalkQueues(std::uint64_t only_space, TimePoint deadline, const WalkLimits& limits) {
  return impl_->WalkQueues(only_space, deadline, limits);
}

std::chrono::nanoseconds QueuePrograms::LongestCallback() const { return impl_->LongestCallback(); }

}  // namespace mqueue::bpf
