#include "daemon/pipeline/round_builder.h"

#include <utility>

namespace mqueue::pipeline {
namespace {

// Whether the queue may be one that only a host snapshot shows.
bool MayNeedSnapshot(const Look& look) {
  return !look &&
         (look.error().reason == LookErrorReason::kUnsupported || look.error().reason == LookErrorReason::kPermission);
}

}  // namespace

void RoundBuilder::Begin(std::chrono::nanoseconds stretch, std::chrono::milliseconds period) {
  began_ = clock_();
  period_ = period;
  report_.stretch = stretch;
}

std::optional<AbandonReason> RoundBuilder::Add(discovery::Discovered found) {
  look_log_.Discovered(found.errors);
  if (found.abandoned) return found.abandoned;
  report_.excluded = found.excluded;
  report_.beyond_walk = found.beyond_walk;
  usage_ = std::move(found.usage);
  residents_ = std::move(found.residents);
  watched_.Update(std::move(found.queues), began_.boottime, period_);
  return std::nullopt;
}

std::size_t RoundBuilder::Record(std::span<const WatchedQueue> queues, std::vector<std::optional<Look>> looks) {
  std::size_t put_off = 0;
  for (std::size_t i = 0; i < queues.size(); ++i) {
    std::optional<Look>& look = looks[i];
    if (!look) {
      watched_.PutBack(queues[i].ref);
      ++put_off;
      continue;
    }
    const auto change = watched_.Record(queues[i].ref, *std::move(look), began_.boottime);
    if (!change) continue;
    Count(change->after->look);
    look_log_.Looked(change->before.get(), *change->after);
  }
  report_.over_budget += put_off;
  return put_off;
}

void RoundBuilder::RecordBetween(std::span<const WatchedQueue> queues, std::vector<std::optional<Look>> looks) {
  for (std::size_t i = 0; i < queues.size(); ++i) {
    std::optional<Look>& look = looks[i];
    if (!look) {
      watched_.PutBack(queues[i].ref);
      continue;
    }
    if (!MayNeedSnapshot(*look)) Count(*look);
    watched_.RecordBetween(queues[i].ref, *std::move(look), clock_().boottime);
  }
}

void RoundBuilder::PutBack(std::span<const WatchedQueue> queues) {
  for (const WatchedQueue& queue : queues) watched_.PutBack(queue.ref);
}

void RoundBuilder::Count(const Look& look) {
  ++report_.looks;
  if (!look) {
    ++report_.errors[look.error().reason];
  } else if (const auto uncopied = look->uncopied.size(); uncopied > 0) {
    report_.errors[LookErrorReason::kUncopied] += uncopied;
  } else if (look->inconsistent) {
    ++report_.errors[LookErrorReason::kInconsistent];
  }
}

void RoundBuilder::Finish() {
  report_.finished = clock_();
  report_.duration = report_.finished.boottime - began_.boottime;
  report_.queues = watched_.Counts();
}

std::shared_ptr<const Round> RoundBuilder::Build(const RoundSettings& settings) {
  auto round = std::make_shared<const Round>(Round{.queues = watched_.States(),
                                                   .namespaces = usage_,
                                                   .residents = residents_,
                                                   .report = report_,
                                                   .settings = settings});
  report_.looks = 0;
  report_.over_budget = 0;
  report_.late = 0;
  report_.errors.clear();
  report_.abandoned.clear();
  return round;
}

}  // namespace mqueue::pipeline
