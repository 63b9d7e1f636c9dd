// The programs of queues.bpf.c on the running kernel. Needs root; runs in an IPC namespace that it makes.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <latch>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/bpf/host_walker.h"
#include "daemon/bpf/queue_programs.h"
#include "daemon/os/clock.h"
#include "daemon/os/proc.h"

namespace mqueue::bpf {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::SizeIs;

// Far beyond what a walk takes.
steady_clock::time_point Later() { return steady_clock::now() + seconds(300); }

std::uint64_t InodeOf(const std::string& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_ino;
}

// A SysV queue that is removed with this object.
class Queue {
 public:
  Queue() : id_(::msgget(IPC_PRIVATE, 0600)) { EXPECT_NE(id_, -1); }
  ~Queue() { ::msgctl(id_, IPC_RMID, nullptr); }
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  void Send(long type, std::size_t size) const {
    struct {
      long type;
      std::array<char, 128> text;
    } message{type, {}};
    EXPECT_EQ(::msgsnd(id_, &message, size, IPC_NOWAIT), 0);
  }

  void SetBytesLimit(std::uint64_t bytes) const {
    msqid_ds settings{};
    EXPECT_EQ(::msgctl(id_, IPC_STAT, &settings), 0);
    settings.msg_qbytes = bytes;
    EXPECT_EQ(::msgctl(id_, IPC_SET, &settings), 0);
  }

 private:
  int id_;
};

// Threads that each live in an IPC namespace of their own until this object ends. Each `queue_every`th has a queue.
class Namespaces {
 public:
  Namespaces(std::ptrdiff_t count, std::ptrdiff_t queue_every) : ready_(count) {
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      threads_.emplace_back([this, has_queue = i % queue_every == 0] { Live(has_queue); });
    }
    ready_.wait();
  }
  ~Namespaces() {
    end_.count_down();
    for (std::thread& thread : threads_) thread.join();
  }
  Namespaces(const Namespaces&) = delete;
  Namespaces& operator=(const Namespaces&) = delete;

  const std::set<std::uint64_t>& with_queue() const { return with_queue_; }
  const std::set<std::uint64_t>& without_queue() const { return without_queue_; }

 private:
  void Live(bool has_queue) {
    EXPECT_EQ(::unshare(CLONE_NEWIPC), 0);
    std::optional<Queue> queue;
    if (has_queue) queue.emplace();
    const std::uint64_t inode = InodeOf("/proc/thread-self/ns/ipc");
    {
      const std::lock_guard lock(mutex_);
      (has_queue ? with_queue_ : without_queue_).insert(inode);
    }
    ready_.count_down();
    end_.wait();
  }

  std::mutex mutex_;
  std::set<std::uint64_t> with_queue_;
  std::set<std::uint64_t> without_queue_;
  std::latch ready_;
  std::latch end_{1};
  std::vector<std::thread> threads_;
};

class WalkTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(::unshare(CLONE_NEWIPC), 0) << "needs root"; }

  void SetUp() override {
    auto programs = QueuePrograms::Load("/proc");
    ASSERT_TRUE(programs) << programs.error().message;
    programs_ = *std::move(programs);
    own_ = InodeOf("/proc/thread-self/ns/ipc");
  }

  // Of the test's own namespace.
  Walk WalkOwn(const WalkLimits& limits = {}) {
    auto walk = programs_->WalkQueues(own_, Later(), limits);
    EXPECT_TRUE(walk) << walk.error().error.message;
    return walk ? *std::move(walk) : Walk{};
  }

  std::optional<QueuePrograms> programs_;
  std::uint64_t own_ = 0;
};

TEST_F(WalkTest, DeadlineThatHasPassedEndsTheWalk) {
  const Queue queue;
  const auto walk = programs_->WalkQueues(own_, steady_clock::now());
  ASSERT_FALSE(walk);
  EXPECT_EQ(walk.error().end, WalkEnd::kDeadline);
  EXPECT_THAT(walk.error().error.message, testing::HasSubstr("deadline"));
  EXPECT_THAT(WalkOwn().queues, SizeIs(1));
}

TEST_F(WalkTest, HostSnapshotWithoutTimeReturnsTheReason) {
  HostWalker walker(*std::exchange(programs_, std::nullopt), {.inode = own_}, "/proc", os::Now);
  const auto snapshot = walker.Take(false, steady_clock::now());
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().end, WalkEnd::kDeadline);
  EXPECT_TRUE(walker.Take(false, Later()));
}

TEST_F(WalkTest, QueueBeyondTheStepsOfAWalkKeepsItsTotals) {
  const Queue queue;
  for (int i = 0; i < 20; ++i) queue.Send(1, 10);
  const Walk walk = WalkOwn({.steps = 10});
  ASSERT_THAT(walk.queues, SizeIs(1));
  EXPECT_EQ(walk.queues[0].record.complete, 0U);
  EXPECT_EQ(walk.queues[0].record.cut, 1U);
  EXPECT_EQ(walk.queues[0].record.before.messages, 20U);
  EXPECT_EQ(walk.queues[0].record.before.bytes, 200U);
  EXPECT_EQ(walk.left_out, (LeftOut{.cut = 1}));
}

TEST_F(WalkTest, QueueBeyondTheRunsOfAWalkKeepsItsTotals) {
  const Queue queue;
  for (int type = 1; type <= 5; ++type) queue.Send(type, 1);
  EXPECT_EQ(WalkOwn({.runs = 5}).left_out, LeftOut{});
  const Walk walk = WalkOwn({.runs = 4});
  ASSERT_THAT(walk.queues, SizeIs(1));
  EXPECT_EQ(walk.queues[0].record.cut, 1U);
  EXPECT_EQ(walk.queues[0].record.before.messages, 5U);
  EXPECT_EQ(walk.left_out, (LeftOut{.cut = 1}));
}

TEST_F(WalkTest, QueuesBeyondTheLimitAreCounted) {
  const std::array<Queue, 5> queues;
  const mqd_t posix = ::mq_open("/walk-test", O_RDWR | O_CREAT | O_CLOEXEC, 0600, nullptr);
  ASSERT_NE(posix, -1);
  EXPECT_THAT(WalkOwn({.queues = 6}).queues, SizeIs(6));
  const Walk walk = WalkOwn({.queues = 0});
  EXPECT_THAT(walk.queues, SizeIs(0));
  EXPECT_EQ(walk.left_out, (LeftOut{.queues = 6}));
  const Walk some = WalkOwn({.queues = 2});
  EXPECT_THAT(some.queues, SizeIs(2));
  EXPECT_EQ(some.left_out, (LeftOut{.queues = 4}));
  ::mq_close(posix);
  ::mq_unlink("/walk-test");
}

TEST_F(WalkTest, QueueWhoseLimitWasLoweredBelowItsDepthIsReadToItsEnd) {
  const Queue queue;
  for (int i = 0; i < 20; ++i) queue.Send(7, 10);
  queue.SetBytesLimit(1);
  const Walk walk = WalkOwn();
  ASSERT_THAT(walk.queues, SizeIs(1));
  EXPECT_EQ(walk.queues[0].record.complete, 1U);
  ASSERT_THAT(walk.queues[0].groups, SizeIs(1));
  EXPECT_EQ(walk.queues[0].groups[0].messages, 20U);
}

TEST_F(WalkTest, OwnNamespaceIsReportedWithoutQueues) {
  const Walk walk = WalkOwn();
  ASSERT_THAT(walk.spaces, SizeIs(1));
  EXPECT_EQ(walk.spaces[0].ipc_namespace.inode, own_);
}

// The namespaces of a walk that are also in `wanted`, and how many queues each has.
std::map<std::uint64_t, int> QueuesOf(const Walk& walk, const std::set<std::uint64_t>& wanted) {
  std::map<std::uint64_t, int> queues;
  for (const Space& space : walk.spaces) {
    if (wanted.contains(space.ipc_namespace.inode)) queues[space.ipc_namespace.inode] = 0;
  }
  for (const WalkedQueue& queue : walk.queues) {
    const auto found = queues.find(walk.spaces[queue.record.space].ipc_namespace.inode);
    if (found != queues.end()) ++found->second;
  }
  return queues;
}

TEST_F(WalkTest, AllNamespacesThatHaveQueuesAreShownAmongThousandsThatHaveNone) {
  const Namespaces namespaces(5000, 10);
  ASSERT_THAT(namespaces.with_queue(), SizeIs(500));
  const auto walk = programs_->WalkQueues(0, Later());
  ASSERT_TRUE(walk) << walk.error().error.message;
  std::map<std::uint64_t, int> expected;
  for (const std::uint64_t inode : namespaces.with_queue()) expected[inode] = 1;
  EXPECT_EQ(QueuesOf(*walk, namespaces.with_queue()), expected);
  EXPECT_THAT(QueuesOf(*walk, namespaces.without_queue()), SizeIs(0));
  EXPECT_EQ(walk->left_out.namespaces, 0U);
}

TEST_F(WalkTest, NamespacesBeyondTheLimitAreCounted) {
  const Namespaces namespaces(4, 1);
  const auto walk = programs_->WalkQueues(0, Later(), {.namespaces = 2});
  ASSERT_TRUE(walk) << walk.error().error.message;
  EXPECT_THAT(walk->spaces, SizeIs(2));
  // Others on this machine may have some too.
  EXPECT_GE(walk->left_out.namespaces, 2U);
}

}  // namespace
}  // namespace mqueue::bpf
