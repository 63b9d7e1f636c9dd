#include "daemon/pipeline/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/os/clock.h"

namespace mqueue::pipeline {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Answers every look with an empty queue, after what the test has it do.
class ScriptedReader final : public reader::Reader {
 public:
  using Script = std::function<std::optional<Look>(const QueueRef&, reader::RoundContext&)>;
  explicit ScriptedReader(Script script) : script_(std::move(script)) {}

  ReaderKind kind() const override { return ReaderKind::kMsgStat; }
  std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, reader::RoundContext& context) override {
    std::vector<std::optional<Look>> looks;
    for (const QueueRef& queue : queues) looks.push_back(script_(queue, context));
    return looks;
  }

 private:
  Script script_;
};

Look Empty() { return QueueSnapshot{.reader = ReaderKind::kMsgStat}; }

// Holds threads back until it is opened.
class Gate {
 public:
  void Open() {
    if (!open_.exchange(true)) opened_.set_value();
  }
  void Wait() const { future_.wait(); }

 private:
  std::atomic<bool> open_ = false;
  std::promise<void> opened_;
  std::shared_future<void> future_ = opened_.get_future().share();
};

// No test waits that long: an hour for a timer that must not fire, and for a result that must come.
constexpr milliseconds kNever{3'600'000};
// A number of queues that no test has.
constexpr std::uint64_t kMark = 4711;
constexpr std::chrono::minutes kGiveUp{2};

// The test runs in an IPC namespace of its own: the SysV queues that it makes are all there are.
class SchedulerTest : public ::testing::Test {
 protected:
  void TearDown() override {
    io_.stop();
    // A test that failed may have left threads behind.
    hang_ = false;
    gate_.Open();
    second_gate_.Open();
    workers_ = {};
    for (const int msqid : queues_) ::msgctl(msqid, IPC_RMID, nullptr);
  }

  void MakeQueues(int count) {
    for (int i = 0; i < count; ++i) queues_.push_back(::msgget(IPC_PRIVATE, IPC_CREAT | 0600));
  }

  static std::shared_ptr<const reader::Ladder> LadderOf(ScriptedReader::Script script) {
    std::vector<std::unique_ptr<reader::Reader>> readers;
    readers.push_back(std::make_unique<ScriptedReader>(std::move(script)));
    return std::make_shared<reader::Ladder>(std::move(readers));
  }

  static Plan PlanWith(std::function<std::optional<Look>(const QueueRef&)> script, QueueRules rules = {}) {
    const auto discovery =
        std::make_shared<discovery::Discovery>(IpcNamespace{}, discovery::Sources{.procfs = "/proc"}, std::move(rules));
    return {.discover = [discovery] { return discovery->Discover(); },
            .ladder = LadderOf(
                [script = std::move(script)](const QueueRef& queue, reader::RoundContext&) { return script(queue); }),
            .period = milliseconds(20),
            .look_interval = kNever,
            // These tests are of other things than the budget.
            .cpu_budget = 1};
  }

  static Plan PlanOfEmptyQueues() {
    return PlanWith([](const QueueRef&) { return Empty(); });
  }

  // Runs the loop until `enough` says so of a published round, and returns that round.
  Round RunUntil(std::function<bool(const Round&)> enough, Plan plan) {
    Start(std::move(plan));
    return RunOn(std::move(enough));
  }

  void Start(Plan plan) {
    scheduler_ = std::make_unique<Scheduler>(
        io_, workers_, std::move(plan),
        [this](std::shared_ptr<const Round> round) {
          if (while_rendering_) while_rendering_(*round);
          asio::post(io_, [this, round = std::move(round)] {
            if (on_round_) on_round_(*round);
            if (!enough_(*round)) return;
            result_ = *round;
            io_.stop();
          });
        },
        os::Now, log::Log(log::Level::kError, log::Format::kLogfmt, std::make_shared<spdlog::sinks::null_sink_mt>()));
    scheduler_->Start([&] { ++ready_; });
  }

  // Goes on running, until `enough` holds of another round.
  Round RunOn(std::function<bool(const Round&)> enough) {
    enough_ = std::move(enough);
    result_.reset();
    io_.restart();
    const auto guard = asio::make_work_guard(io_);
    io_.run_for(kGiveUp);
    if (!result_) ADD_FAILURE() << "no such round was published";
    return std::exchange(result_, std::nullopt).value_or(Round{});
  }

  // What scripts on other threads share with the test: it must outlive `workers_`.
  Gate gate_;
  Gate second_gate_;
  std::atomic<bool> hang_ = false;
  std::atomic<int> calls_ = 0;
  std::atomic<int> at_once_ = 0;
  std::atomic<int> most_at_once_ = 0;

  asio::io_context io_;
  Workers workers_ = Workers::Start().value();
  std::unique_ptr<Scheduler> scheduler_;
  std::function<void(const Round&)> on_round_;
  // On the rendering thread.
  std::function<void(const Round&)> while_rendering_;
  std::function<bool(const Round&)> enough_;
  std::optional<Round> result_;
  std::vector<int> queues_;
  int ready_ = 0;
};

nanoseconds BeginOf(const Round& round) { return round.report.finished.boottime - round.report.duration; }

TEST_F(SchedulerTest, FirstRoundShowsWhatExists) {
  MakeQueues(2);
  const Round round =
      RunUntil([](const Round& r) { return r.report.looks > 0; }, PlanWith([](const QueueRef&) { return Empty(); }));
  EXPECT_EQ(round.queues.size(), 2);
  EXPECT_EQ(round.report.looks, 2);
  EXPECT_EQ(round.report.queues.at(Ipc::kSysv), 2);
  EXPECT_EQ(round.namespaces.size(), 1);
}

TEST_F(SchedulerTest, HostWithoutQueuesHasRoundsToo) {
  int rounds = 0;
  const Round round =
      RunUntil([&](const Round&) { return ++rounds == 3; }, PlanWith([](const QueueRef&) { return Empty(); }));
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
      PlanWith([](const QueueRef&) { return Empty(); }));
  EXPECT_EQ(round.queues.front()->queue.ref.id, static_cast<std::uint64_t>(queues_[1]));
}

TEST_F(SchedulerTest, SlowQueueHoldsNoOtherQueueBack) {
  MakeQueues(130);
  const auto slow = static_cast<std::uint64_t>(queues_[0]);
  std::promise<void> release;
  auto released = release.get_future().share();
  const Round round = RunUntil([](const Round& r) { return r.queues.size() >= 130 - 64; },
                               PlanWith([slow, released](const QueueRef& queue) {
                                 if (queue.id == slow) released.wait();
                                 return Empty();
                               }));
  release.set_value();
  EXPECT_TRUE(std::ranges::none_of(round.queues, [&](const auto& q) { return q->queue.ref.id == slow; }));
}

TEST_F(SchedulerTest, PutOffQueueIsCountedAndLookedAtNext) {
  MakeQueues(1);
  std::atomic<int> turns = 0;
  std::uint64_t put_off = 0;
  on_round_ = [&](const Round& round) { put_off += round.report.over_budget; };
  const Round round =
      RunUntil([](const Round& r) { return !r.queues.empty(); },
               PlanWith([&](const QueueRef&) { return turns++ == 0 ? std::nullopt : std::optional(Empty()); }));
  EXPECT_EQ(put_off, 1);
  EXPECT_EQ(round.report.looks, 1);
}

// Uses this much CPU time of the calling thread.
void Burn(nanoseconds time) {
  const auto end = os::ThreadCpuTime() + time;
  while (os::ThreadCpuTime() < end) {
  }
}

// A round that uses 30 ms of a share of 5 % is followed by the next 600 ms later, but for the budget of one period.
constexpr milliseconds kCost{30};
constexpr double kShare = 0.05;
constexpr milliseconds kLeastStretch{550};

TEST_F(SchedulerTest, DiscoveryBeyondTheBudgetStretchesRounds) {
  Plan plan = PlanOfEmptyQueues();
  plan.cpu_budget = kShare;
  plan.discover = [discover = std::move(plan.discover)] {
    Burn(kCost);
    return discover();
  };
  const Round first = RunUntil([](const Round&) { return true; }, std::move(plan));
  EXPECT_EQ(first.report.stretch, nanoseconds(0));
  const Round second = RunOn([](const Round&) { return true; });
  EXPECT_GE(BeginOf(second) - BeginOf(first), kLeastStretch);
  EXPECT_GT(second.report.stretch, nanoseconds(0));
  EXPECT_LT(second.report.stretch, BeginOf(second) - BeginOf(first));
}

TEST_F(SchedulerTest, RenderingBeyondTheBudgetStretchesRounds) {
  while_rendering_ = [](const Round&) { Burn(kCost); };
  Plan plan = PlanOfEmptyQueues();
  plan.cpu_budget = kShare;
  const Round first = RunUntil([](const Round&) { return true; }, std::move(plan));
  const Round second = RunOn([](const Round&) { return true; });
  EXPECT_GE(BeginOf(second) - BeginOf(first), kLeastStretch);
  EXPECT_GT(second.report.stretch, nanoseconds(0));
}

TEST_F(SchedulerTest, RoundsWithinTheBudgetAreNotStretched) {
  Plan plan = PlanOfEmptyQueues();
  plan.period = milliseconds(200);
  int rounds = 0;
  on_round_ = [](const Round& r) { EXPECT_EQ(r.report.stretch, nanoseconds(0)); };
  RunUntil([&](const Round&) { return ++rounds == 3; }, std::move(plan));
}

TEST_F(SchedulerTest, LooksGoOnWhenDiscoveryAloneUsesUpTheBudget) {
  MakeQueues(1);
  std::atomic<bool> budget_left = false;
  Plan plan = PlanOfEmptyQueues();
  plan.cpu_budget = kShare;
  plan.ladder = LadderOf([&](const QueueRef&, reader::RoundContext& context) {
    budget_left = !context.budget.spent();
    return Empty();
  });
  plan.discover = [discover = std::move(plan.discover)] {
    Burn(kCost);
    return discover();
  };
  RunUntil([](const Round& r) { return r.report.looks > 0; }, std::move(plan));
  scheduler_->Stop();
  workers_.Join();
  EXPECT_TRUE(budget_left);
}

TEST_F(SchedulerTest, LooksGoOnWhenRenderingAloneUsesUpTheBudget) {
  std::atomic<bool> budget_left = false;
  while_rendering_ = [](const Round&) { Burn(kCost); };
  Plan plan = PlanOfEmptyQueues();
  plan.cpu_budget = kShare;
  plan.ladder = LadderOf([&](const QueueRef&, reader::RoundContext& context) {
    budget_left = !context.budget.spent();
    return Empty();
  });
  RunUntil([](const Round&) { return true; }, std::move(plan));
  MakeQueues(1);
  RunOn([](const Round& r) { return r.report.looks > 0; });
  scheduler_->Stop();
  workers_.Join();
  EXPECT_TRUE(budget_left);
}

TEST_F(SchedulerTest, LooksHaveTheHostSnapshotOfTheirRound) {
  MakeQueues(1);
  std::vector<std::shared_ptr<const bpf::HostSnapshot>> taken;
  std::vector<std::shared_ptr<const bpf::HostSnapshot>> seen;
  Plan plan = PlanOfEmptyQueues();
  plan.ladder = LadderOf([&](const QueueRef&, reader::RoundContext& context) {
    seen.push_back(context.host_snapshot);
    return Empty();
  });
  plan.discover = [&, discover = std::move(plan.discover)] {
    auto found = discover();
    found.host_snapshot = taken.emplace_back(std::make_shared<bpf::HostSnapshot>());
    return found;
  };
  int rounds = 0;
  RunUntil([&](const Round& r) { return r.report.looks > 0 && ++rounds == 2; }, std::move(plan));
  scheduler_->Stop();
  workers_.Join();
  ASSERT_GE(seen.size(), 2);
  EXPECT_NE(seen[0], seen[1]);
  for (const auto& snapshot : seen) EXPECT_THAT(taken, ::testing::Contains(snapshot));
}

TEST_F(SchedulerTest, QueueWithAShortIntervalSpeedsUpNothingElse) {
  MakeQueues(65);
  // Two of them, which one slice reads.
  const auto is_fast = [this](const QueueRef& queue, std::size_t which) {
    return queue.id == static_cast<std::uint64_t>(queues_[which]);
  };
  std::atomic<int> discoveries = 0;
  std::atomic<int> first_looks = 0;
  std::atomic<int> second_looks = 0;
  std::atomic<int> other_looks = 0;
  const auto fast = std::make_shared<QueuePolicy>(QueuePolicy{.interval = milliseconds(5)});
  Plan plan = PlanWith([&](const QueueRef& queue) {
    ++(is_fast(queue, 0) ? first_looks : is_fast(queue, 1) ? second_looks : other_looks);
    return Empty();
  });
  plan.period = milliseconds(500);
  plan.look_interval = milliseconds(5);
  plan.discover = [&, discover = std::move(plan.discover)] {
    ++discoveries;
    auto found = discover();
    for (WatchedQueue& queue : found.queues) {
      if (is_fast(queue.ref, 0) || is_fast(queue.ref, 1)) queue.policy = fast;
    }
    return found;
  };
  int rounds = 0;
  std::uint64_t looks = 0;
  RunUntil(
      [&](const Round& r) {
        looks += r.report.looks;
        // However slow the machine, some come between two rounds in the end.
        return ++rounds >= 3 && first_looks >= rounds + 5 && second_looks >= rounds + 5;
      },
      std::move(plan));
  scheduler_->Stop();
  workers_.Join();
  EXPECT_LE(discoveries, rounds + 1);
  // The default interval of 5 seconds is not shorter than the period.
  EXPECT_LE(other_looks, 64 * (rounds + 1));
  EXPECT_GT(looks, static_cast<std::uint64_t>(64 + rounds));
}

TEST_F(SchedulerTest, QueueThatNeedsAHostSnapshotIsNoErrorBetweenRounds) {
  MakeQueues(1);
  const auto fast = std::make_shared<QueuePolicy>(QueuePolicy{.interval = milliseconds(5)});
  Plan plan = PlanOfEmptyQueues();
  plan.ladder = LadderOf([&](const QueueRef&, reader::RoundContext& context) -> Look {
    if (context.host_snapshot) return Empty();
    ++calls_;
    return std::unexpected(LookError{LookErrorReason::kUnsupported, "told by the test"});
  });
  plan.period = milliseconds(200);
  plan.look_interval = milliseconds(5);
  plan.discover = [fast, discover = std::move(plan.discover)] {
    auto found = discover();
    for (WatchedQueue& queue : found.queues) queue.policy = fast;
    found.host_snapshot = std::make_shared<bpf::HostSnapshot>();
    return found;
  };
  on_round_ = [](const Round& r) {
    EXPECT_TRUE(r.report.errors.empty());
    for (const auto& state : r.queues) EXPECT_TRUE(state->look);
  };
  const Round round =
      RunUntil([&](const Round& r) { return calls_ > 0 && r.queues.front()->read_interval == milliseconds(200); },
               std::move(plan));
  EXPECT_EQ(round.queues.size(), 1);
}

TEST_F(SchedulerTest, IsReadyOnlyWhenEveryQueueWasLookedAt) {
  MakeQueues(2);
  std::atomic<int> turns = 0;
  std::vector<int> ready_at_round;
  on_round_ = [&](const Round&) { ready_at_round.push_back(ready_); };
  RunUntil([&](const Round&) { return ready_ > 0; },
           PlanWith([&](const QueueRef&) { return turns++ == 0 ? std::nullopt : std::optional(Empty()); }));
  ASSERT_GE(ready_at_round.size(), 3);
  EXPECT_EQ(ready_at_round[1], 0);
}

TEST_F(SchedulerTest, FailuresAreCountedByReason) {
  MakeQueues(3);
  const Round round = RunUntil([](const Round& r) { return r.report.looks > 0; }, PlanWith([](const QueueRef&) -> Look {
                                 return std::unexpected(LookError{LookErrorReason::kDescriptors, "told by the test"});
                               }));
  EXPECT_EQ(round.report.errors.at(LookErrorReason::kDescriptors), 3);
  EXPECT_EQ(round.queues.size(), 3);
}

TEST_F(SchedulerTest, EachRoundCountsItsOwnFailures) {
  MakeQueues(3);
  int rounds = 0;
  on_round_ = [](const Round& r) {
    if (r.report.looks > 0) {
      EXPECT_EQ(r.report.errors.at(LookErrorReason::kDescriptors), r.report.looks);
    }
  };
  RunUntil([&](const Round& r) { return r.report.looks > 0 && ++rounds == 3; }, PlanWith([](const QueueRef&) -> Look {
             return std::unexpected(LookError{LookErrorReason::kDescriptors, "told by the test"});
           }));
}

TEST_F(SchedulerTest, ReplacedPlanRulesTheNextRound) {
  MakeQueues(1);
  bool replaced = false;
  on_round_ = [&](const Round&) {
    if (std::exchange(replaced, true)) return;
    scheduler_->Replace(
        PlanWith([](const QueueRef&) { return Empty(); }, {.rules = {{.pattern = "*", .exclude = true}}}));
  };
  const Round round = RunUntil([](const Round& r) { return r.report.excluded == 1; },
                               PlanWith([](const QueueRef&) { return Empty(); }));
  EXPECT_TRUE(round.queues.empty());
}

TEST_F(SchedulerTest, RoundHasTheSettingsThatItWasMadeUnder) {
  Plan first = PlanOfEmptyQueues();
  first.settings.max_queues = 7;
  Plan second = PlanOfEmptyQueues();
  second.settings.max_queues = 8;
  std::vector<std::size_t> limits;
  on_round_ = [&](const Round& round) {
    limits.push_back(round.settings.max_queues);
    if (limits.size() == 1) scheduler_->Replace(second);
  };
  RunUntil([](const Round& r) { return r.settings.max_queues == 8; }, std::move(first));
  EXPECT_EQ(limits.front(), 7);
}

TEST_F(SchedulerTest, PlanReplacedDuringARoundIsUsedAtOnce) {
  MakeQueues(1);
  Plan first = PlanWith([&](const QueueRef&) {
    asio::post(io_, [this] {
      Plan second = PlanWith([](const QueueRef&) { return Empty(); }, {.rules = {{.pattern = "*", .exclude = true}}});
      second.period = kNever;
      scheduler_->Replace(std::move(second));
    });
    return Empty();
  });
  first.period = kNever;
  int rounds = 0;
  const Round round = RunUntil([&](const Round&) { return ++rounds == 2; }, std::move(first));
  EXPECT_EQ(round.report.excluded, 1);
}

TEST_F(SchedulerTest, PlanReplacedBetweenRoundsIsUsedAtOnce) {
  MakeQueues(1);
  Plan first = PlanOfEmptyQueues();
  first.period = kNever;
  asio::steady_timer later(io_);
  on_round_ = [&](const Round& r) {
    if (r.report.excluded > 0) return;
    // Rather after the round than at its end.
    later.expires_after(milliseconds(100));
    later.async_wait([this](const boost::system::error_code&) {
      Plan second = PlanWith([](const QueueRef&) { return Empty(); }, {.rules = {{.pattern = "*", .exclude = true}}});
      second.period = kNever;
      scheduler_->Replace(std::move(second));
    });
  };
  RunUntil([](const Round& r) { return r.report.excluded == 1; }, std::move(first));
}

TEST_F(SchedulerTest, TickThatIsQueuedWhenThePlanIsReplacedBeginsNoSecondRound) {
  const auto plan_with = [](milliseconds period) {
    Plan plan = PlanOfEmptyQueues();
    plan.period = period;
    return plan;
  };
  std::set<nanoseconds> begins;
  asio::steady_timer before_tick(io_);
  on_round_ = [&](const Round& r) {
    EXPECT_TRUE(r.report.abandoned.empty());
    EXPECT_TRUE(begins.insert(BeginOf(r)).second);
    if (begins.size() > 1) return;
    before_tick.expires_after(milliseconds(200));
    before_tick.async_wait([&](const boost::system::error_code&) {
      // The tick comes due while this runs, and its handler is queued behind the one that is posted here.
      std::this_thread::sleep_for(milliseconds(400));
      asio::post(io_, [&] { scheduler_->Replace(plan_with(milliseconds(20))); });
    });
  };
  RunUntil([&](const Round&) { return begins.size() == 4; }, plan_with(milliseconds(400)));
}

TEST_F(SchedulerTest, DeadlineThatIsQueuedWhenTheLastLookReturnsEndsNoSecondRound) {
  MakeQueues(1);
  Plan plan = PlanWith([&](const QueueRef&) {
    if (calls_++ == 0) {
      // Keeps the loop busy past the deadline, so that its handler is queued behind the result of the look.
      asio::post(io_, [this] {
        while (workers_.looks->Busy() > 0) std::this_thread::yield();
        std::this_thread::sleep_for(milliseconds(400));
      });
    }
    return Empty();
  });
  plan.period = milliseconds(200);
  std::set<nanoseconds> begins;
  on_round_ = [&](const Round& r) { EXPECT_TRUE(begins.insert(BeginOf(r)).second); };
  RunUntil([&](const Round&) { return begins.size() == 3; }, std::move(plan));
}

TEST_F(SchedulerTest, LateSliceEndsNoLaterRound) {
  MakeQueues(2 * 64);
  const auto script = [this](const QueueRef&) {
    // Of the two slices of the first round one hangs at its first queue, and the other has the next 64 calls.
    const int call = calls_++;
    if (call == 0) gate_.Wait();
    if (call == 65) {
      // The second round is at its only slice: the late one of the first round returns, and must not end it.
      gate_.Open();
      second_gate_.Wait();
    }
    return Empty();
  };
  Plan plan = PlanWith(script);
  plan.period = std::chrono::seconds(2);
  std::vector<std::uint64_t> looks;
  asio::steady_timer release(io_);
  on_round_ = [&](const Round& r) {
    looks.push_back(r.report.looks);
    if (looks.size() > 1) return;
    EXPECT_EQ(r.report.late, 64);
    Plan second = PlanWith(script);
    second.period = kNever;
    scheduler_->Replace(std::move(second));
  };
  // Lets the second round's look go on after the late slice is back.
  std::function<void(const boost::system::error_code&)> poll = [&](const boost::system::error_code&) {
    const bool late_is_back = calls_ == 2 * 64 + 1;
    release.expires_after(milliseconds(late_is_back ? 100 : 5));
    if (!late_is_back) return release.async_wait(poll);
    release.async_wait([&](const boost::system::error_code&) { second_gate_.Open(); });
  };
  poll({});
  RunUntil([&](const Round&) { return looks.size() == 2; }, std::move(plan));
  // The second round was ended by its own slice, so that both are counted.
  EXPECT_EQ(looks, (std::vector<std::uint64_t>{64, 128}));
}

TEST_F(SchedulerTest, LateSliceThatReturnsBetweenRoundsEndsNoRoundAgain) {
  MakeQueues(2 * 64);
  const auto script = [this](const QueueRef&) {
    if (calls_++ == 0) gate_.Wait();
    return Empty();
  };
  Plan plan = PlanWith(script);
  plan.period = std::chrono::seconds(2);
  std::set<nanoseconds> begins;
  on_round_ = [&](const Round& r) {
    EXPECT_TRUE(begins.insert(BeginOf(r)).second);
    if (begins.size() > 1) return;
    Plan second = PlanWith(script);
    second.period = kNever;
    scheduler_->Replace(std::move(second));
  };
  RunUntil([&](const Round&) { return begins.size() == 2; }, std::move(plan));
  gate_.Open();
  io_.restart();
  io_.run_for(milliseconds(200));
  EXPECT_EQ(begins.size(), 2);
}

TEST_F(SchedulerTest, QueuesThatCouldNotBeginAreLookedAtInTheNextRound) {
  // Twelve slices; the first three hold every thread until the round is over.
  MakeQueues(12 * 64);
  hang_ = true;
  Plan plan = PlanWith([&](const QueueRef&) {
    ++calls_;
    if (hang_) gate_.Wait();
    return Empty();
  });
  plan.period = milliseconds(50);
  RunUntil([](const Round& r) { return r.report.late > 0; }, std::move(plan));
  EXPECT_LE(calls_, 3);
  hang_ = false;
  gate_.Open();
  const Round round = RunOn([](const Round& r) { return r.queues.size() == 12 * 64 && r.report.late == 0; });
  EXPECT_TRUE(round.report.abandoned.empty());
}

TEST_F(SchedulerTest, RoundIsAbandonedWhenNoThreadIsFreeToLook) {
  MakeQueues(4 * 64);
  Plan plan = PlanWith([&](const QueueRef&) {
    if (hang_) {
      ++calls_;
      gate_.Wait();
    }
    return Empty();
  });
  RunUntil([](const Round& r) { return r.queues.size() == 4 * 64; }, std::move(plan));
  hang_ = true;
  std::uint64_t abandoned = 0;
  on_round_ = [&](const Round& r) {
    for (const auto& [reason, count] : r.report.abandoned) {
      EXPECT_EQ(reason, AbandonReason::kLooks);
      abandoned += count;
    }
  };
  const Round round = RunOn([&](const Round&) { return abandoned == 3; });
  EXPECT_EQ(round.queues.size(), 4 * 64);
  // Rounds go by, and nothing piles up: a look for each thread.
  EXPECT_EQ(calls_, 3);
  hang_ = false;
  gate_.Open();
  RunOn([](const Round& r) { return r.report.abandoned.empty() && r.report.looks >= 4 * 64; });
}

TEST_F(SchedulerTest, DiscoveryThatHangsAbandonsRoundsUntilItReturns) {
  MakeQueues(1);
  Plan plan = PlanOfEmptyQueues();
  plan.patience = milliseconds(50);
  plan.discover = [&, discover = std::move(plan.discover)] {
    ++at_once_;
    auto found = discover();
    if (hang_) {
      ++calls_;
      gate_.Wait();
      found.excluded = kMark;
    }
    return found;
  };
  const Round before = RunUntil([](const Round& r) { return r.report.looks == 1; }, std::move(plan));
  hang_ = true;
  std::uint64_t abandoned = 0;
  on_round_ = [&](const Round& r) {
    if (r.report.abandoned.contains(AbandonReason::kDiscovery)) {
      abandoned += r.report.abandoned.at(AbandonReason::kDiscovery);
    }
    // What is found too late is dropped.
    EXPECT_NE(r.report.excluded, kMark);
  };
  const Round hung = RunOn([&](const Round&) { return abandoned >= 20; });
  const int discoveries = at_once_;
  // What was known is still shown, and the time of the round says how old it is.
  EXPECT_EQ(hung.queues.size(), 1);
  EXPECT_EQ(hung.report.looks, 0);
  EXPECT_GE(hung.report.finished.boottime, before.report.finished.boottime);
  EXPECT_EQ(calls_, 1);
  MakeQueues(1);
  hang_ = false;
  gate_.Open();
  const Round after = RunOn([](const Round& r) { return r.queues.size() == 2; });
  EXPECT_GT(after.report.finished.boottime, hung.report.finished.boottime);
  // No discovery has piled up for each of the abandoned rounds.
  EXPECT_LE(at_once_ - discoveries, 10);
}

TEST_F(SchedulerTest, ReplacedPlanStartsNoSecondDiscoveryBesideOneThatHangs) {
  const auto hanging = [&] {
    Plan plan = PlanOfEmptyQueues();
    plan.patience = milliseconds(50);
    plan.discover = [&, discover = std::move(plan.discover)] {
      most_at_once_ = std::max(most_at_once_.load(), ++at_once_);
      if (hang_) gate_.Wait();
      --at_once_;
      return discover();
    };
    return plan;
  };
  RunUntil([](const Round&) { return true; }, hanging());
  hang_ = true;
  RunOn([](const Round& r) { return !r.report.abandoned.empty(); });
  for (int i = 0; i < 5; ++i) {
    scheduler_->Replace(hanging());
    RunOn([](const Round& r) { return !r.report.abandoned.empty(); });
  }
  hang_ = false;
  gate_.Open();
  RunOn([](const Round& r) { return r.report.abandoned.empty(); });
  EXPECT_EQ(most_at_once_, 1);
}

TEST_F(SchedulerTest, DiscoveryThatGivesUpAbandonsTheRoundAndKeepsTheQueues) {
  MakeQueues(1);
  Plan plan = PlanOfEmptyQueues();
  plan.discover = [&, discover = std::move(plan.discover)] {
    if (!hang_) return discover();
    discovery::Discovered nothing;
    nothing.abandoned = AbandonReason::kLooks;
    return nothing;
  };
  RunUntil([](const Round& r) { return r.report.looks == 1; }, std::move(plan));
  hang_ = true;
  const Round round = RunOn([](const Round& r) { return r.report.abandoned.contains(AbandonReason::kLooks); });
  EXPECT_EQ(round.queues.size(), 1);
  EXPECT_EQ(round.report.abandoned.at(AbandonReason::kLooks), 1);
}

TEST_F(SchedulerTest, AbandonedFirstRoundPublishesNothing) {
  hang_ = true;
  Plan plan = PlanOfEmptyQueues();
  plan.patience = milliseconds(20);
  plan.discover = [&, discover = std::move(plan.discover)] {
    if (hang_) gate_.Wait();
    return discover();
  };
  asio::steady_timer release(io_);
  release.expires_after(milliseconds(300));
  release.async_wait([&](const boost::system::error_code&) {
    hang_ = false;
    gate_.Open();
  });
  const Round round = RunUntil([](const Round&) { return true; }, std::move(plan));
  // The first text is that of a whole round, and it tells of those that were lost before.
  EXPECT_NE(round.report.finished.boottime, std::chrono::nanoseconds(0));
  EXPECT_GE(round.report.abandoned.at(AbandonReason::kDiscovery), 1);
}

TEST_F(SchedulerTest, RenderingThatHangsAbandonsRoundsUntilItReturns) {
  hang_ = true;
  while_rendering_ = [&](const Round&) {
    if (!hang_) return;
    ++calls_;
    gate_.Wait();
  };
  Plan plan = PlanOfEmptyQueues();
  plan.patience = milliseconds(20);
  asio::steady_timer release(io_);
  // Some deadlines after rendering hangs. On a busy machine, rounds may be abandoned before they come to rendering.
  std::function<void(const boost::system::error_code&)> poll = [&](const boost::system::error_code&) {
    const bool hangs = calls_ > 0;
    release.expires_after(milliseconds(hangs ? 300 : 5));
    if (!hangs) return release.async_wait(poll);
    release.async_wait([&](const boost::system::error_code&) {
      hang_ = false;
      gate_.Open();
    });
  };
  poll({});
  const Round round =
      RunUntil([](const Round& r) { return r.report.abandoned.contains(AbandonReason::kRendering); }, std::move(plan));
  EXPECT_EQ(calls_, 1);
  EXPECT_GE(round.report.abandoned.at(AbandonReason::kRendering), 1);
  RunOn([](const Round& r) { return r.report.abandoned.empty(); });
}

TEST_F(SchedulerTest, RenderingThatHangsIsGivenNoMoreWork) {
  const auto new_plan = [this] {
    Plan plan = PlanOfEmptyQueues();
    plan.period = kNever;
    plan.patience = milliseconds(500);
    plan.discover = [&, discover = std::move(plan.discover)] {
      ++calls_;
      return discover();
    };
    return plan;
  };
  while_rendering_ = [&](const Round&) {
    if (hang_) gate_.Wait();
  };
  RunUntil([](const Round&) { return true; }, new_plan());
  hang_ = true;
  asio::steady_timer timer(io_);
  const auto after = [&](milliseconds time, std::function<void()> step) {
    timer.expires_after(time);
    timer.async_wait([step = std::move(step)](const boost::system::error_code&) { step(); });
  };
  std::function<void()> begin_when_rendering_is_back = [&] {
    if (workers_.rendering->Busy() > 0) return after(milliseconds(5), begin_when_rendering_is_back);
    asio::post(io_, [&] { scheduler_->Replace(new_plan()); });
  };
  // One round hangs, and the next is abandoned for it.
  scheduler_->Replace(new_plan());
  after(milliseconds(2000), [&] {
    scheduler_->Replace(new_plan());
    after(milliseconds(100), [&] {
      EXPECT_EQ(calls_, 2);
      hang_ = false;
      gate_.Open();
      begin_when_rendering_is_back();
    });
  });
  int rounds = 0;
  const Round last = RunOn([&](const Round&) { return ++rounds == 2; });
  EXPECT_EQ(last.report.abandoned.at(AbandonReason::kRendering), 2);
  EXPECT_EQ(calls_, 3);
}

TEST_F(SchedulerTest, RoundThatIsRenderedTooLateDoesNotCountAsFinished) {
  hang_ = true;
  while_rendering_ = [&](const Round&) {
    if (hang_) gate_.Wait();
  };
  Plan plan = PlanOfEmptyQueues();
  plan.period = kNever;
  plan.patience = milliseconds(500);
  asio::steady_timer release(io_);
  release.expires_after(milliseconds(1500));
  release.async_wait([&](const boost::system::error_code&) { gate_.Open(); });
  RunUntil([](const Round&) { return true; }, std::move(plan));
  io_.restart();
  io_.run_for(milliseconds(200));
  EXPECT_EQ(ready_, 0);
}

TEST_F(SchedulerTest, StopDuringARoundPublishesNothingMore) {
  MakeQueues(1);
  Plan plan = PlanWith([&](const QueueRef&) {
    asio::post(io_, [&] {
      scheduler_->Stop();
      gate_.Open();
    });
    gate_.Wait();
    return Empty();
  });
  int rounds = 0;
  enough_ = [&](const Round&) { return ++rounds > 0; };
  Start(std::move(plan));
  // Ends by itself: neither a timer nor a task is left.
  io_.run_for(kGiveUp);
  const auto guard = asio::make_work_guard(io_);
  io_.restart();
  io_.run_for(milliseconds(200));
  EXPECT_EQ(rounds, 0);
}

TEST_F(SchedulerTest, StoppedSchedulerTakesNoPlan) {
  int rounds = 0;
  on_round_ = [&](const Round&) {
    ++rounds;
    scheduler_->Stop();
    scheduler_->Replace(PlanOfEmptyQueues());
  };
  RunUntil([](const Round&) { return true; }, PlanOfEmptyQueues());
  io_.restart();
  io_.run_for(milliseconds(200));
  EXPECT_EQ(rounds, 1);
}

TEST_F(SchedulerTest, RoundsThatFinishDoNotStall) {
  RunUntil([](const Round&) { return true; }, PlanOfEmptyQueues());
  EXPECT_EQ(scheduler_->StalledFor(), std::nullopt);
}

TEST_F(SchedulerTest, StoppedSchedulerBeginsNoRound) {
  int rounds = 0;
  on_round_ = [&](const Round&) {
    ++rounds;
    scheduler_->Stop();
  };
  RunUntil([](const Round&) { return true; }, PlanWith([](const QueueRef&) { return Empty(); }));
  io_.restart();
  // Ten ticks: a scheduler that goes on would have begun a round by then.
  io_.run_for(milliseconds(200));
  EXPECT_EQ(rounds, 1);
}

}  // namespace
}  // namespace mqueue::pipeline
