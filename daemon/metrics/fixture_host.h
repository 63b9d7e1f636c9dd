#ifndef DAEMON_METRICS_FIXTURE_HOST_H_
#define DAEMON_METRICS_FIXTURE_HOST_H_

#include <string>
#include <vector>

#include "daemon/metrics/exposition.h"
#include "daemon/metrics/format.h"
#include "daemon/metrics/namespace_families.h"
#include "daemon/queue/queue_state.h"

namespace mqueue::metrics {

/// What a round could have shown on a host with every kind of queue, metric and trouble. Always the same.
struct FixtureHost {
  std::vector<QueueState> queues;
  std::vector<NamespaceUsage> namespaces;
  std::vector<NamespaceResident> residents;
  RoundReport report;
};

FixtureHost MakeFixtureHost();

/// The whole exposition of the fixture host, with process_* from the files under `proc`.
std::string FixtureText(Format format, const std::string& proc);

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_FIXTURE_HOST_H_
