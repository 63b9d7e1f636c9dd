#include "daemon/schedule/scheduler.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/os/clock.h"

namespace mqueue::schedule {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// Answers every look with an empty queue, after what the test has it do.
class ScriptedReader final : public reader::Reader {
 public:
  using Script = std::function<std::optional<Look>(const QueueRef&)>;
  explicit ScriptedReader(Script script) : script_(std::move(script)) {}

  ReaderKind kind() const override { return ReaderKind::kMsgStat; }
  std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, reader::CpuBudget&) override {
    std::vector<std::optional<Look>> looks;
    for (const QueueRef& queue : queues) looks.push_back(script_(queue));
    return looks;
  }

 private:
  Script script_;
};

Look Empty() { return QueueSnapshot{.reader = ReaderKind::kMsgStat}; }

// The test runs in an IPC namespace of its own: the SysV queues that it makes are all there are.
class SchedulerTest : public ::testing::Test {
 protected:
  void TearDown() override {
    io_.stop();
    pool_.join();
    for (const int msqid : queues_) ::msgctl(msqid, IPC_RMID, nullptr);
  }

  void MakeQueues(int count) {
    for (int i = 0; i < count; ++i) queues_.push_back(::msgget(IPC_PRIVATE, IPC_CREAT | 0600));
  }

  static Plan MakePlan(ScriptedReader::Script script, QueueRules rules = {}) {
    std::vector<std::unique_ptr<reader::Reader>> readers;
    readers.push_back(std::make_unique<ScriptedReader>(std::move(script)));
    return {.discovery = std::make_shared<discovery::Discovery>(IpcNamespace{}, discovery::Sources{.procfs = "/proc"},
                                                                std::move(rules)),
            .ladder = std::make_shared<reader::Ladder>(std::move(readers)),
            .tick = milliseconds(20)};
  }

  // Runs the loop until `enough` says so of a published round, and returns that round.
  Round RunUntil(std::function<bool(const Round&)> enough, Plan plan) {
    scheduler_ = std::make_unique<Scheduler>(
        io_, pool_, std::move(plan),
        [this, enough](Round round) {
          asio::post(io_, [this, enough, round = std::move(round)]() mutable {
            if (on_round_) on_round_(round);
            if (!enough(round)) return;
            result_ = std::move(round);
            io_.stop();
          });
        },
        os::Now, log::Log(log::Level::kError, log::Format::kLogfmt, std::make_shared<spdlog::sinks::null_sink_mt>()));
    scheduler_->Start([&] { ++ready_; });
    const auto guard = asio::make_work_guard(io_);
    io_.run();
    return *std::move(result_);
  }

  asio::io_context io_;
  asio::thread_pool pool_{2};
  std::unique_ptr<Scheduler> scheduler_;
  std::function<void(const Round&)> on_round_;
  std::optional<Round> result_;
  std::vector<int> queues_;
  int ready_ = 0;
};

TEST_F(SchedulerTest, FirstRoundShowsWhatExists) {
  MakeQueues(2);
  const Round round =
      RunUntil([](const Round& r) { return r.report.looks > 0; }, MakePlan([](const QueueRef&) { return Empty(); }));
  EXPECT_EQ(round.queues.size(), 2);
  EXPECT_EQ(round.report.looks, 2);
  EXPECT_EQ(round.report.queues.at(Ipc::kSysv), 2);
  EXPECT_EQ(round.namespaces.size(), 1);
}

TEST_F(SchedulerTest, HostWithoutQueuesHasRoundsToo) {
  int rounds = 0;
  const Round round =
      RunUntil([&](const Round&) { return ++rounds == 3; }, MakePlan([](const QueueRef&) { return Empty(); }));
  EXPECT_TRUE(round.queues.empty());
  EXPECT_EQ(ready_, 1);
}

TEST_F(SchedulerTest, QueueMadeBetweenRoundsAppearsAndGoesAgain) {
  MakeQueues(1);
  on_round_ = [&](const Round& round) {
    if (queues_.size() == 1) MakeQueues(1);
    if (round.queues.size() == 2) ::msgctl(queues_[0], IPC_RMID, nullptr);
  };
  bool saw_both = false;
  const Round round = RunUntil(
      [&](const Round& r) {
        saw_both |= r.queues.size() == 2;
        return saw_both && r.queues.size() == 1;
      },
      MakePlan([](const QueueRef&) { return Empty(); }));
  EXPECT_EQ(round.queues.front().queue.ref.id, static_cast<std::uint64_t>(queues_[1]));
}

TEST_F(SchedulerTest, SlowQueueHoldsNoOtherQueueBack) {
  MakeQueues(130);
  const auto slow = static_cast<std::uint64_t>(queues_[0]);
  std::promise<void> release;
  auto released = release.get_future().share();
  const Round round = RunUntil([](const Round& r) { return r.queues.size() >= 130 - 64; },
                               MakePlan([slow, released](const QueueRef& queue) {
                                 if (queue.id == slow) released.wait();
                                 return Empty();
                               }));
  release.set_value();
  EXPECT_TRUE(std::ranges::none_of(round.queues, [&](const auto& q) { return q.queue.ref.id == slow; }));
}

TEST_F(SchedulerTest, PutOffQueueIsCountedAndLookedAtNext) {
  MakeQueues(1);
  std::atomic<int> turns = 0;
  std::uint64_t put_off = 0;
  on_round_ = [&](const Round& round) { put_off += round.report.over_budget; };
  const Round round =
      RunUntil([](const Round& r) { return !r.queues.empty(); },
               MakePlan([&](const QueueRef&) { return turns++ == 0 ? std::nullopt : std::optional(Empty()); }));
  EXPECT_EQ(put_off, 1);
  EXPECT_EQ(round.report.looks, 1);
}

TEST_F(SchedulerTest, IsReadyOnlyWhenEveryQueueWasLookedAt) {
  MakeQueues(2);
  std::atomic<int> turns = 0;
  std::vector<int> ready_at_round;
  on_round_ = [&](const Round&) { ready_at_round.push_back(ready_); };
  RunUntil([&](const Round&) { return ready_ > 0; },
           MakePlan([&](const QueueRef&) { return turns++ == 0 ? std::nullopt : std::optional(Empty()); }));
  ASSERT_GE(ready_at_round.size(), 3);
  EXPECT_EQ(ready_at_round[1], 0);
}

TEST_F(SchedulerTest, FailuresAreCountedByReason) {
  MakeQueues(3);
  const Round round = RunUntil([](const Round& r) { return r.report.looks > 0; }, MakePlan([](const QueueRef&) -> Look {
                                 return std::unexpected(LookError{LookErrorReason::kDescriptors, "told by the test"});
                               }));
  EXPECT_EQ(round.report.errors.at(LookErrorReason::kDescriptors), 3);
  EXPECT_EQ(round.queues.size(), 3);
}

TEST_F(SchedulerTest, ReplacedPlanRulesTheNextRound) {
  MakeQueues(1);
  bool replaced = false;
  on_round_ = [&](const Round&) {
    if (std::exchange(replaced, true)) return;
    scheduler_->Replace(
        MakePlan([](const QueueRef&) { return Empty(); }, {.rules = {{.pattern = "*", .exclude = true}}}));
  };
  const Round round = RunUntil([](const Round& r) { return r.report.excluded == 1; },
                               MakePlan([](const QueueRef&) { return Empty(); }));
  EXPECT_TRUE(round.queues.empty());
}

TEST_F(SchedulerTest, StoppedSchedulerBeginsNoRound) {
  int rounds = 0;
  on_round_ = [&](const Round&) {
    ++rounds;
    scheduler_->Stop();
  };
  RunUntil([](const Round&) { return true; }, MakePlan([](const QueueRef&) { return Empty(); }));
  io_.restart();
  // Ten ticks: a scheduler that goes on would have begun a round by then.
  io_.run_for(milliseconds(200));
  EXPECT_EQ(rounds, 1);
}

}  // namespace
}  // namespace mqueue::schedule
