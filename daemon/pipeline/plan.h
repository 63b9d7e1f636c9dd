#ifndef DAEMON_PIPELINE_PLAN_H_
#define DAEMON_PIPELINE_PLAN_H_

#include <chrono>
#include <functional>
#include <memory>

#include "daemon/discovery/discovery.h"
#include "daemon/pipeline/host.h"
#include "daemon/queue/instant.h"
#include "daemon/queue/round.h"
#include "daemon/reader/ladder.h"
#include "daemon/settings/settings.h"

namespace mqueue::pipeline {

/// What a round needs to know: made from one version of the configuration and replaced as a whole by a reload.
struct Plan {
  /// Lists the queues that exist. Called on one thread at a time. May block.
  std::function<discovery::Discovered()> discover;
  std::shared_ptr<const reader::Ladder> ladder;
  /// How often a round begins: the general interval. Also the deadline of a round's looks, unless their budget takes
  /// longer to accrue.
  std::chrono::milliseconds period{5000};
  /// How often queues with a shorter interval are read between rounds: the shortest interval of any rule. Not shorter
  /// than `period` if there is no such queue.
  std::chrono::milliseconds look_interval{5000};
  /// Deadline of discovery and of rendering, each.
  std::chrono::milliseconds patience{10'000};
  /// The part of one core that the pipeline may use, above 0, up to 1.
  double cpu_budget = 0.1;
  /// For the outputs: passed on with each round.
  RoundSettings settings;
};

/// What the configuration asks of a host.
Plan MakePlan(const Host& host, const settings::Settings& settings, const Clock& clock);

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_PLAN_H_
