#include "daemon/pipeline/scheduler.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/os/clock.h"
#include "daemon/pipeline/cpu_account.h"
#include "daemon/pipeline/round_builder.h"
#include "daemon/pipeline/round_log.h"
#include "daemon/pipeline/stall_watch.h"
#include "daemon/reader/round_context.h"

namespace mqueue::pipeline {
namespace {

namespace asio = boost::asio;
using discovery::Discovered;
using std::chrono::nanoseconds;

// Small enough that one slow queue holds few others back, large enough that handing over costs nothing of note.
constexpr std::size_t kQueuesInSlice = 64;

// Queues that one thread reads in one go.
struct Slice {
  std::vector<WatchedQueue> queues;
  std::shared_ptr<reader::RoundContext> context;
  bool between_rounds = false;
};
using Looks = std::vector<std::optional<Look>>;

CpuAccount::Time Now() { return std::chrono::steady_clock::now(); }

std::deque<Slice> Cut(std::vector<WatchedQueue> queues, const std::shared_ptr<reader::RoundContext>& context,
                      bool between_rounds) {
  std::deque<Slice> slices;
  for (std::size_t begin = 0; begin < queues.size(); begin += kQueuesInSlice) {
    const auto first = queues.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = queues.begin() + static_cast<std::ptrdiff_t>(std::min(begin + kQueuesInSlice, queues.size()));
    slices.push_back({.queues = {std::make_move_iterator(first), std::make_move_iterator(last)},
                      .context = context,
                      .between_rounds = between_rounds});
  }
  return slices;
}

}  // namespace

class Scheduler::Impl {
 public:
  Impl(asio::io_context& io, const Workers& workers, Plan plan, Publish publish, Clock clock, const log::Log& log)
      : io_(io),
        workers_(workers),
        tick_(io),
        deadline_(io),
        between_(io),
        plan_(std::make_shared<const Plan>(std::move(plan))),
        account_(plan_->cpu_budget, plan_->period, Now()),
        publish_(std::move(publish)),
        round_log_(log),
        builder_(std::move(clock), log) {}

  void Start(std::function<void()> on_ready) {
    on_ready_ = std::move(on_ready);
    stall_watch_.Finished(Now(), plan_->period);
    Begin();
    WaitForNextBetween(Now());
  }

  void Replace(Plan plan) {
    plan_ = std::make_shared<const Plan>(std::move(plan));
    account_.Configure(plan_->cpu_budget, plan_->period, Now());
    WaitForNextBetween(Now());
    if (phase_ == Phase::kIdle) Begin();
  }

  void Stop() {
    Enter(Phase::kStopped);
    tick_.cancel();
    deadline_.cancel();
    between_.cancel();
  }

  std::optional<std::chrono::seconds> StalledFor() const { return stall_watch_.StalledFor(Now(), plan_->period); }

 private:
  enum class Phase : std::uint8_t { kIdle, kDiscovering, kLooking, kPublishing, kStopped };

  // Whatever was begun in an earlier phase is late from now on: its handler finds that `step_` has moved on. Cancelling
  // a timer alone is not enough, since its handler may be queued already.
  void Enter(Phase phase) {
    phase_ = phase;
    ++step_;
  }

  // Calls `handler` in `time`, if the phase is then still the present one.
  void After(std::chrono::milliseconds time, std::move_only_function<void()> handler) {
    deadline_.expires_after(time);
    deadline_.async_wait([this, step = step_, handler = std::move(handler)](const boost::system::error_code&) mutable {
      if (step == step_) handler();
    });
  }

  // Runs `work` on a thread of `pool`, then `done` with its result and its CPU time on the thread of `io_`. Charges
  // both.
  template <typename Work, typename Done>
  void Run(WorkerPool& pool, Work work, Done done) {
    pool.Post([this, work = std::move(work), done = std::move(done)]() mutable {
      const auto began = os::ThreadCpuTime();
      auto result = work();
      const nanoseconds used = os::ThreadCpuTime() - began;
      asio::post(io_, [this, used, result = std::move(result), done = std::move(done)]() mutable {
        account_.Charge(used);
        const auto began_here = os::ThreadCpuTime();
        done(std::move(result), used);
        account_.Charge(os::ThreadCpuTime() - began_here);
      });
    });
  }

  // `stretch`: for how long the CPU budget has delayed the round.
  void Begin(nanoseconds stretch = {}) {
    round_plan_ = plan_;
    builder_.Begin(stretch, round_plan_->period);
    began_ = Now();
    last_round_cost_ = std::exchange(round_cost_, {});
    if (discovery_out_) return Abandon(AbandonReason::kDiscovery);
    if (rendering_out_) return Abandon(AbandonReason::kRendering);
    Enter(Phase::kDiscovering);
    discovery_out_ = true;
    Run(
        *workers_.discovery, [plan = round_plan_] { return plan->discover(); },
        [this, step = step_](Discovered found, nanoseconds used) {
          discovery_out_ = false;
          discovery_cost_ = used;
          AddCost(used);
          if (step == step_) Look(std::move(found));
        });
    After(round_plan_->patience, [this] { Abandon(AbandonReason::kDiscovery); });
  }

  void Look(Discovered found) {
    const auto host_snapshot = std::move(found.host_snapshot);
    if (const auto abandoned = builder_.Add(std::move(found))) return Abandon(*abandoned);
    PutBackBetween();
    const auto budget = LookBudget();
    context_ = std::make_shared<reader::RoundContext>(budget, host_snapshot);
    waiting_ = Cut(builder_.TakeDue(), context_, /*between_rounds=*/false);
    if (waiting_.empty() && slices_out_ == 0) return Finish();
    Enter(Phase::kLooking);
    slices_begun_ = 0;
    SendWaiting();
    // A round that uses more than its interval accrues will be stretched: its looks may take that time.
    const auto stretched = std::chrono::ceil<std::chrono::milliseconds>(account_.TimeToAccrue(budget));
    After(std::max(round_plan_->period, std::min(stretched, round_plan_->patience)),
          [this] { FinishWithoutLateSlices(); });
  }

  // What is left for looks after discovery, with what rendering will need set aside. At least as much as the two: looks
  // go on when these alone use up the budget, and a round that is stretched is worth what it costs.
  nanoseconds LookBudget() {
    return std::max(account_.Balance(Now()) - rendering_cost_, discovery_cost_ + rendering_cost_);
  }

  // As many as there are free threads: what cannot begin stays here, and nothing piles up behind a look that hangs.
  void SendWaiting() {
    for (; !waiting_.empty() && threads_busy_ < workers_.looks->size(); waiting_.pop_front()) {
      Send(std::move(waiting_.front()));
    }
  }

  void Send(Slice slice) {
    ++threads_busy_;
    ++slices_begun_;
    ++slices_out_;
    Run(
        *workers_.looks,
        [plan = round_plan_, slice = std::move(slice)]() mutable {
          Looks looks = plan->ladder->LookAt(slice.queues, *slice.context);
          slice.context.reset();
          return std::pair(std::move(slice), std::move(looks));
        },
        [this, given_up = slices_given_up_](std::pair<Slice, Looks> seen, nanoseconds used) {
          --threads_busy_;
          if (given_up == slices_given_up_) --slices_out_;
          Record(seen.first, std::move(seen.second), used);
          if (phase_ == Phase::kStopped) return;
          // Leaves none waiting while no slice is out: a thread has just become free.
          SendWaiting();
          if (phase_ == Phase::kLooking && slices_out_ == 0) Finish();
        });
  }

  void AddCost(nanoseconds used) {
    if (round_cost_ != nanoseconds::max()) round_cost_ += used;
  }

  void Record(const Slice& slice, Looks looks, nanoseconds used) {
    if (slice.between_rounds) {
      builder_.RecordBetween(slice.queues, std::move(looks));
      // They are due in the round that has begun meanwhile.
      if (phase_ != Phase::kLooking) return;
      std::ranges::move(Cut(builder_.TakeDue(), context_, /*between_rounds=*/false), std::back_inserter(waiting_));
      return;
    }
    AddCost(used);
    // The next round needs all that it can have.
    if (builder_.Record(slice.queues, std::move(looks)) > 0) round_cost_ = nanoseconds::max();
  }

  // Begins the wait for the next look between rounds, `look_interval` after the last one was due at `last`.
  void WaitForNextBetween(CpuAccount::Time last) {
    between_.cancel();
    if (plan_->look_interval >= plan_->period) return;
    const auto due = std::max<CpuAccount::Time>(last + plan_->look_interval, Now());
    between_.expires_at(due);
    between_.async_wait([this, due, plan = plan_](const boost::system::error_code& error) {
      if (error || plan != plan_ || phase_ == Phase::kStopped) return;
      const auto began = os::ThreadCpuTime();
      ReadBetween();
      account_.Charge(os::ThreadCpuTime() - began);
      WaitForNextBetween(due);
    });
  }

  // Reads queues with a short interval while no round reads any. Rounds come first: not when the next one waits for
  // budget, and not with the budget that it is going to need.
  void ReadBetween() {
    const auto now = Now();
    if (phase_ == Phase::kLooking || (phase_ == Phase::kIdle && now >= began_ + round_plan_->period)) return;
    PutBackBetween();
    const auto reserve = std::min(std::max(round_cost_, last_round_cost_), account_.Most());
    const auto budget = account_.Balance(now) - reserve;
    if (budget <= nanoseconds(0)) return;
    waiting_ = Cut(builder_.TakeDueBetween(plan_->look_interval), std::make_shared<reader::RoundContext>(budget),
                   /*between_rounds=*/true);
    SendWaiting();
  }

  // Of slices that are read between rounds, those that no thread was free for.
  void PutBackBetween() {
    for (const Slice& slice : std::exchange(waiting_, {})) builder_.PutBack(slice.queues);
  }

  void FinishWithoutLateSlices() {
    builder_.CountLate();
    const bool none_began = slices_begun_ == 0 && !waiting_.empty();
    for (const Slice& slice : std::exchange(waiting_, {})) builder_.PutBack(slice.queues);
    ++slices_given_up_;
    slices_out_ = 0;
    if (none_began) return Abandon(AbandonReason::kLooks);
    Finish();
  }

  void Finish() {
    builder_.Finish();
    Render(/*finished=*/true);
  }

  void Abandon(AbandonReason reason) {
    builder_.Abandon(reason);
    round_log_.Abandoned(reason);
    // Before the first finished round there is nothing to show.
    if (!any_finished_ || rendering_out_) return Rest();
    Render(/*finished=*/false);
  }

  void Render(bool finished) {
    Enter(Phase::kPublishing);
    rendering_out_ = true;
    Run(
        *workers_.rendering,
        // A host snapshot of many queues takes long to free, which is better done there.
        [this, context = std::exchange(context_, nullptr), round = builder_.Build(round_plan_->settings)]() mutable {
          context.reset();
          publish_(std::move(round));
          return true;
        },
        [this, finished, step = step_](bool, nanoseconds used) {
          rendering_out_ = false;
          rendering_cost_ = used;
          AddCost(used);
          if (step == step_) Published(finished);
        });
    After(round_plan_->patience, [this, finished] {
      // An abandoned round has been counted already.
      if (finished) return Abandon(AbandonReason::kRendering);
      Rest();
    });
  }

  void Published(bool finished) {
    if (finished) {
      any_finished_ = true;
      stall_watch_.Finished(Now(), std::chrono::ceil<std::chrono::milliseconds>(NextBegin() - began_));
      round_log_.Finished();
      if (on_ready_ && builder_.AllSeen()) std::exchange(on_ready_, nullptr)();
    }
    Rest();
  }

  void Rest() {
    if (phase_ == Phase::kStopped) return;
    Enter(Phase::kIdle);
    deadline_.cancel();
    if (round_plan_ != plan_) return Begin();
    const auto due = std::max(began_ + round_plan_->period, Now());
    const auto next = NextBegin();
    tick_.expires_at(next);
    tick_.async_wait([this, step = step_, stretch = next - due](const boost::system::error_code&) {
      if (step == step_) Begin(std::max<nanoseconds>(stretch, nanoseconds(0)));
    });
  }

  // An interval after the present round began, and not before the CPU account is balanced.
  CpuAccount::Time NextBegin() {
    const auto now = Now();
    return std::max(began_ + round_plan_->period, now + account_.UntilBalanced(now));
  }

  asio::io_context& io_;
  const Workers& workers_;
  asio::steady_timer tick_;
  asio::steady_timer deadline_;
  asio::steady_timer between_;
  // The plan in force, and that of the present round or the last one.
  std::shared_ptr<const Plan> plan_;
  std::shared_ptr<const Plan> round_plan_;
  CpuAccount account_;
  Publish publish_;
  RoundLog round_log_;
  RoundBuilder builder_;
  StallWatch stall_watch_;
  std::function<void()> on_ready_;

  Phase phase_ = Phase::kIdle;
  // Counts phases: tells what was begun in the present one from what is late.
  std::uint64_t step_ = 0;
  bool any_finished_ = false;
  // When the present round or the last one began.
  CpuAccount::Time began_;
  // CPU time of the last discovery and the last rendering.
  nanoseconds discovery_cost_{};
  nanoseconds rendering_cost_{};
  // CPU time of the present round so far, and of the last one; the most there is if it put off queues.
  nanoseconds round_cost_{};
  nanoseconds last_round_cost_{};

  // Whether the thread has a task that has not returned, of whichever round.
  bool discovery_out_ = false;
  bool rendering_out_ = false;
  std::size_t threads_busy_ = 0;

  // Slices that have not begun: of the present round, or between rounds.
  std::deque<Slice> waiting_;
  // Slices that the present round has begun.
  std::size_t slices_begun_ = 0;
  // Slices that have begun and not returned, without those that a round has given up; and how often one has.
  std::size_t slices_out_ = 0;
  std::uint64_t slices_given_up_ = 0;
  // Null between the looks of two rounds.
  std::shared_ptr<reader::RoundContext> context_;
};

Scheduler::Scheduler(asio::io_context& io, const Workers& workers, Plan plan, Publish publish, Clock clock,
                     const log::Log& log)
    : impl_(std::make_unique<Impl>(io, workers, std::move(plan), std::move(publish), std::move(clock), log)) {}

Scheduler::~Scheduler() = default;

void Scheduler::Start(std::function<void()> on_ready) { impl_->Start(std::move(on_ready)); }
void Scheduler::Replace(Plan plan) { impl_->Replace(std::move(plan)); }
void Scheduler::Stop() { impl_->Stop(); }
std::optional<std::chrono::seconds> Scheduler::StalledFor() const { return impl_->StalledFor(); }

}  // namespace mqueue::pipeline
