#include "daemon/pipeline/round_builder.h"

#include <utility>

namespace mqueue::pipeline {

void RoundBuilder::Begin(std::chrono::nanoseconds stretch) {
  began_ = clock_();
  report_.stretch = stretch;
}

std::optional<AbandonReason> RoundBuilder::Add(discovery::Discovered found) {
  look_log_.Discovered(found.errors);
  if (found.abandoned) return found.abandoned;
  report_.excluded = found.excluded;
  report_.beyond_walk = found.beyond_walk;
  usage_ = std::move(found.usage);
  residents_ = std::move(found.residents);
  watched_.Update(std::move(found.queues), began_.boottime);
  return std::nullopt;
}

std::vector<WatchedQueue> RoundBuilder::TakeDue(std::chrono::nanoseconds slack) {
  return watched_.TakeDue(began_.boottime, slack);
}

void RoundBuilder::Record(std::span<const WatchedQueue> queues, std::vector<std::optional<Look>> looks) {
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (!looks[i]) {
      watched_.PutOff(queues[i].ref);
      ++report_.over_budget;
      continue;
    }
    const auto change = watched_.Record(queues[i].ref, *std::move(looks[i]), began_.boottime);
    if (!change) continue;
    Count(*change->after);
    look_log_.Looked(change->before.get(), *change->after);
  }
}

void RoundBuilder::Count(const QueueState& state) {
  ++report_.looks;
  if (!state.look) {
    ++report_.errors[state.look.error().reason];
  } else if (const auto uncopied = state.look->uncopied.size(); uncopied > 0) {
    report_.errors[LookErrorReason::kUncopied] += uncopied;
  } else if (state.look->inconsistent) {
    ++report_.errors[LookErrorReason::kInconsistent];
  }
}

void RoundBuilder::PutOff(std::span<const WatchedQueue> queues) {
  for (const WatchedQueue& queue : queues) watched_.PutOff(queue.ref);
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
