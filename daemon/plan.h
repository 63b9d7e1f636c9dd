#ifndef DAEMON_PLAN_H_
#define DAEMON_PLAN_H_

#include <string>
#include <vector>

#include "daemon/metrics/exposition.h"
#include "daemon/reader/support.h"
#include "daemon/schedule/scheduler.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// What the running system offers; asked once, at start.
struct Host {
  IpcNamespace ipc_namespace;
  reader::DirectoryResult mqueue_directory;
  std::vector<reader::Support> readers;
  std::string procfs;
};

/// Finds out. Never fails: what is missing is told in the members.
Host FindHost(const std::string& mqueuefs, const std::string& procfs);

/// What the configuration asks of a host, as the scheduler takes it.
schedule::Plan MakePlan(const Host& host, const settings::Settings& settings);

/// The same for the exposition.
metrics::ExpositionOptions MakeExpositionOptions(const settings::Settings& settings);

}  // namespace mqueue

#endif  // DAEMON_PLAN_H_
