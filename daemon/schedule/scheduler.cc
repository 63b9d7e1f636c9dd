#include "daemon/schedule/scheduler.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/reader/cpu_budget.h"
#include "daemon/schedule/look_log.h"
#include "daemon/schedule/watch_list.h"

namespace mqueue::schedule {
namespace {

namespace asio = boost::asio;
using discovery::Discovered;
using std::chrono::nanoseconds;

// Small enough that one slow queue holds few others back, large enough that handing over costs nothing of note.
constexpr std::size_t kQueuesInSlice = 64;

using Slice = std::vector<WatchedQueue>;
using Looks = std::vector<std::optional<Look>>;

std::vector<Slice> Cut(std::vector<WatchedQueue> queues) {
  std::vector<Slice> slices;
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
  Impl(asio::io_context& io, asio::thread_pool& pool, Plan plan, Publish publish, Clock clock, log::Log log)
      : io_(io),
        pool_(pool),
        tick_(io),
        deadline_(io),
        plan_(std::make_shared<const Plan>(std::move(plan))),
        publish_(std::move(publish)),
        clock_(std::move(clock)),
        look_log_(std::move(log)) {}

  void Start(std::function<void()> on_ready) {
    on_ready_ = std::move(on_ready);
    Begin();
  }

  void Replace(Plan plan) {
    plan_ = std::make_shared<const Plan>(std::move(plan));
    again_ = phase_ != Phase::kIdle;
    if (phase_ == Phase::kIdle) Begin();
  }

  void Stop() {
    stopped_ = true;
    tick_.cancel();
    deadline_.cancel();
  }

 private:
  enum class Phase : std::uint8_t { kIdle, kDiscovering, kLooking, kPublishing };

  void Begin() {
    if (stopped_) return;
    phase_ = Phase::kDiscovering;
    again_ = false;
    ++round_;
    began_ = clock_();
    tick_.expires_after(plan_->tick);
    asio::post(pool_, [this, plan = plan_] {
      asio::post(io_, [this, plan, found = plan->discovery->Discover()]() mutable { Look(plan, std::move(found)); });
    });
  }

  void Look(const std::shared_ptr<const Plan>& plan, Discovered found) {
    phase_ = Phase::kLooking;
    look_log_.Discovered(found.errors);
    report_.excluded = found.excluded;
    usage_ = std::move(found.usage);
    residents_ = std::move(found.residents);
    watched_.Update(std::move(found.queues), began_.boottime);
    auto slices = Cut(watched_.TakeDue(began_.boottime, plan->tick / 2));
    slices_out_ = slices.size();
    if (slices.empty()) return Finish();
    const auto budget = std::chrono::duration_cast<nanoseconds>(plan->tick * plan->cpu_budget);
    const auto shared_budget = std::make_shared<reader::CpuBudget>(budget);
    for (Slice& slice : slices) Send(plan, std::move(slice), shared_budget);
    deadline_.expires_after(plan->tick);
    deadline_.async_wait([this, round = round_](const boost::system::error_code& error) {
      if (!error && round == round_ && phase_ == Phase::kLooking) Finish();
    });
  }

  void Send(const std::shared_ptr<const Plan>& plan, Slice slice, const std::shared_ptr<reader::CpuBudget>& budget) {
    asio::post(pool_, [this, plan, budget, slice = std::move(slice), round = round_]() mutable {
      Looks looks = plan->ladder->LookAt(slice, *budget);
      asio::post(io_, [this, round, slice = std::move(slice), looks = std::move(looks)]() mutable {
        Record(slice, std::move(looks));
        const bool in_time = round == round_ && phase_ == Phase::kLooking;
        if (in_time && --slices_out_ == 0) Finish();
      });
    });
  }

  void Record(const Slice& slice, Looks looks) {
    for (std::size_t i = 0; i < slice.size(); ++i) {
      const QueueRef& queue = slice[i].ref;
      std::optional<mqueue::Look>& look = looks[i];
      if (!look) {
        watched_.PutOff(queue);
        ++report_.over_budget;
        continue;
      }
      if (const auto change = watched_.Record(queue, *std::move(look), began_.boottime)) Count(*change);
    }
  }

  void Count(const WatchList::Change& change) {
    ++report_.looks;
    if (!change.after.look) {
      ++report_.errors[change.after.look.error().reason];
    } else if (const auto uncopied = change.after.look->uncopied.size(); uncopied > 0) {
      report_.errors[LookErrorReason::kUncopied] += uncopied;
    } else if (change.after.look->inconsistent) {
      ++report_.errors[LookErrorReason::kInconsistent];
    }
    look_log_.Looked(change.before, change.after);
  }

  void Finish() {
    phase_ = Phase::kPublishing;
    deadline_.cancel();
    report_.finished = clock_();
    report_.duration = report_.finished.boottime - began_.boottime;
    report_.queues = watched_.Counts();
    asio::post(pool_,
               [this, round = Round{watched_.States(), usage_, residents_, std::exchange(report_, {})}]() mutable {
                 publish_(std::move(round));
                 asio::post(io_, [this] { Published(); });
               });
  }

  void Published() {
    phase_ = Phase::kIdle;
    if (on_ready_ && watched_.AllSeen(began_.boottime)) std::exchange(on_ready_, nullptr)();
    if (stopped_) return;
    if (again_) return Begin();
    tick_.async_wait([this](const boost::system::error_code& error) {
      if (!error) Begin();
    });
  }

  asio::io_context& io_;
  asio::thread_pool& pool_;
  asio::steady_timer tick_;
  asio::steady_timer deadline_;
  std::shared_ptr<const Plan> plan_;
  Publish publish_;
  Clock clock_;
  LookLog look_log_;
  std::function<void()> on_ready_;

  Phase phase_ = Phase::kIdle;
  bool stopped_ = false;
  // A new plan came during a round.
  bool again_ = false;
  // Tells a late slice which round it belonged to.
  std::uint64_t round_ = 0;
  Instant began_;
  // Looks of late slices count in the round that they come back in.
  RoundReport report_;
  std::size_t slices_out_ = 0;
  std::vector<NamespaceUsage> usage_;
  std::vector<NamespaceResident> residents_;
  WatchList watched_;
};

Scheduler::Scheduler(asio::io_context& io, asio::thread_pool& pool, Plan plan, Publish publish, Clock clock,
                     log::Log log)
    : impl_(std::make_unique<Impl>(io, pool, std::move(plan), std::move(publish), std::move(clock), std::move(log))) {}

Scheduler::~Scheduler() = default;

void Scheduler::Start(std::function<void()> on_ready) { impl_->Start(std::move(on_ready)); }
void Scheduler::Replace(Plan plan) { impl_->Replace(std::move(plan)); }
void Scheduler::Stop() { impl_->Stop(); }

}  // namespace mqueue::schedule
