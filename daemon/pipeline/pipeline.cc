#include "daemon/pipeline/pipeline.h"

#include <utility>

#include "daemon/pipeline/plan.h"
#include "daemon/pipeline/round_builder.h"
#include "daemon/pipeline/scheduler.h"
#include "daemon/reader/round_context.h"

namespace mqueue::pipeline {

Pipeline::Pipeline(Host host, settings::Settings settings, Clock clock, log::Log log)
    : host_(std::move(host)), settings_(std::move(settings)), clock_(std::move(clock)), log_(std::move(log)) {}

Pipeline::~Pipeline() = default;

void Pipeline::OnRound(Sink sink) { sinks_.push_back(std::move(sink)); }

std::shared_ptr<const Round> Pipeline::RunOnce() {
  const Plan plan = MakePlan(host_, settings_, clock_);
  RoundBuilder builder(clock_, log_);
  builder.Begin({}, plan.period);
  auto found = plan.discover();
  const auto host_snapshot = found.host_snapshot;
  if (const auto abandoned = builder.Add(std::move(found))) {
    builder.Abandon(*abandoned);
  } else {
    const auto queues = builder.TakeDue();
    reader::RoundContext context(std::chrono::nanoseconds::max(), host_snapshot);
    builder.Record(queues, plan.ladder->LookAt(queues, context));
    builder.Finish();
  }
  auto round = builder.Build(plan.settings);
  Publish(round);
  return round;
}

void Pipeline::Start(boost::asio::io_context& io, const Workers& workers, std::function<void()> on_ready) {
  scheduler_ = std::make_unique<Scheduler>(
      io, workers, MakePlan(host_, settings_, clock_),
      [this](const std::shared_ptr<const Round>& round) { Publish(round); }, clock_, log_);
  scheduler_->Start(std::move(on_ready));
}

void Pipeline::Replace(settings::Settings settings) {
  settings_ = std::move(settings);
  if (scheduler_) scheduler_->Replace(MakePlan(host_, settings_, clock_));
}

void Pipeline::Stop() {
  if (scheduler_) scheduler_->Stop();
}

std::optional<std::chrono::seconds> Pipeline::Stalled() const {
  return scheduler_ ? scheduler_->StalledFor() : std::nullopt;
}

void Pipeline::Publish(const std::shared_ptr<const Round>& round) const {
  for (const Sink& sink : sinks_) sink(round);
}

}  // namespace mqueue::pipeline
