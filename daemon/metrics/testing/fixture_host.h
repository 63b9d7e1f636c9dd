#ifndef DAEMON_METRICS_TESTING_FIXTURE_HOST_H_
#define DAEMON_METRICS_TESTING_FIXTURE_HOST_H_

#include <memory>
#include <string>
#include <vector>

#include "daemon/metrics/format.h"
#include "daemon/queue/round.h"

namespace mqueue::metrics {

using QueueStates = std::vector<std::shared_ptr<const QueueState>>;

/// The states as a round has them.
QueueStates Shared(std::vector<QueueState> states);

/// A round on a host with every kind of queue, metric and trouble. Always the same.
Round MakeFixtureRound();

/// The whole exposition of the fixture round, with process_* from the files in `procfs`.
std::string FixtureText(Format format, const std::string& procfs);

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_TESTING_FIXTURE_HOST_H_
