#include "daemon/pipeline/scheduler.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/pipeline/round_builder.h"
#include "daemon/pipeline/round_log.h"
#include "daemon/pipeline/stall_watch.h"
#include "daemon/reader/cpu_budget.h"

namespace mqueue::pipeline {
namespace {

namespace asio = boost::asio;
using discovery::Discovered;
using std::chrono::nanoseconds;

// Small enough that one slow queue holds few others back, large enough that handing over costs nothing of note.
constexpr std::size_t kQueuesInSlice = 64;

using Slice = std::vector<WatchedQueue>;
using Looks = std::vector<std::optional<Look>>;

std::deque<Slice> Cut(std::vector<WatchedQueue> queues) {
  std::deque<Slice> slices;
  for (std::size_t begin = 0; begin < queues.size(); begin += kQueuesInSlice) {
    const auto first = queues.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = queues.begin() + static_cast<std::ptrdiff_t>(std::min(begin + kQueuesInSlice, queues.size()));
    slices.emplace_back(std::make_move_iterator(first), std::make_move_iterator(last));
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
        plan_(std::make_shared<const Plan>(std::move(plan))),
        publish_(std::move(publish)),
        round_log_(log),
        builder_(std::move(clock), log) {}

  void Start(std::function<void()> on_ready) {
    on_ready_ = std::move(on_ready);
    stall_watch_.Finished(std::chrono::steady_clock::now(), plan_->tick);
    Begin();
  }

  void Replace(Plan plan) {
    plan_ = std::make_shared<const Plan>(std::move(plan));
    if (phase_ == Phase::kIdle) Begin();
  }

  void Stop() {
    Enter(Phase::kStopped);
    tick_.cancel();
    deadline_.cancel();
  }

  std::optional<std::chrono::seconds> StalledFor() const {
    return stall_watch_.StalledFor(std::chrono::steady_clock::now(), plan_->tick);
  }

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

  void Begin() {
    round_plan_ = plan_;
    builder_.Begin();
    tick_.expires_after(round_plan_->tick);
    if (discovery_out_) return Abandon(AbandonReason::kDiscovery);
    if (rendering_out_) return Abandon(AbandonReason::kRendering);
    Enter(Phase::kDiscovering);
    discovery_out_ = true;
    workers_.discovery->Post([this, plan = round_plan_, step = step_] {
      asio::post(io_, [this, step, found = plan->discover()]() mutable {
        discovery_out_ = false;
        if (step == step_) Look(std::move(found));
      });
    });
    After(round_plan_->patience, [this] { Abandon(AbandonReason::kDiscovery); });
  }

  void Look(Discovered found) {
    if (const auto abandoned = builder_.Add(std::move(found))) return Abandon(*abandoned);
    waiting_ = Cut(builder_.TakeDue(round_plan_->tick / 2));
    if (waiting_.empty()) return Finish();
    Enter(Phase::kLooking);
    const auto budget = std::chrono::duration_cast<nanoseconds>(round_plan_->tick * round_plan_->cpu_budget);
    budget_ = std::make_shared<reader::CpuBudget>(budget);
    slices_begun_ = slices_out_ = 0;
    SendWaiting();
    After(round_plan_->tick, [this] { FinishWithoutLateSlices(); });
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
    workers_.looks->Post(
        [this, plan = round_plan_, budget = budget_, slice = std::move(slice), step = step_]() mutable {
          Looks looks = plan->ladder->LookAt(slice, *budget);
          asio::post(io_, [this, step, slice = std::move(slice), looks = std::move(looks)]() mutable {
            --threads_busy_;
            builder_.Record(slice, std::move(looks));
            if (step == step_) --slices_out_;
            if (phase_ != Phase::kLooking) return;
            // Leaves none waiting while no slice of this round is out: a thread has just become free.
            SendWaiting();
            if (slices_out_ == 0) Finish();
          });
        });
  }

  void FinishWithoutLateSlices() {
    builder_.CountLate();
    for (const Slice& slice : std::exchange(waiting_, {})) builder_.PutOff(slice);
    if (slices_begun_ == 0) return Abandon(AbandonReason::kLooks);
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
    workers_.rendering->Post([this, finished, step = step_, round = builder_.Build(round_plan_->settings)]() mutable {
      publish_(std::move(round));
      asio::post(io_, [this, finished, step] {
        rendering_out_ = false;
        if (step == step_) Published(finished);
      });
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
      stall_watch_.Finished(std::chrono::steady_clock::now(), round_plan_->tick);
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
    tick_.async_wait([this, step = step_](const boost::system::error_code&) {
      if (step == step_) Begin();
    });
  }

  asio::io_context& io_;
  const Workers& workers_;
  asio::steady_timer tick_;
  asio::steady_timer deadline_;
  // The plan in force, and that of the present round or the last one.
  std::shared_ptr<const Plan> plan_;
  std::shared_ptr<const Plan> round_plan_;
  Publish publish_;
  RoundLog round_log_;
  RoundBuilder builder_;
  StallWatch stall_watch_;
  std::function<void()> on_ready_;

  Phase phase_ = Phase::kIdle;
  // Counts phases: tells what was begun in the present one from what is late.
  std::uint64_t step_ = 0;
  bool any_finished_ = false;

  // Whether the thread has a task that has not returned, of whichever round.
  bool discovery_out_ = false;
  bool rendering_out_ = false;
  std::size_t threads_busy_ = 0;

  // Slices of the present round: not begun, begun, and begun and not returned.
  std::deque<Slice> waiting_;
  std::size_t slices_begun_ = 0;
  std::size_t slices_out_ = 0;
  std::shared_ptr<reader::CpuBudget> budget_;
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
