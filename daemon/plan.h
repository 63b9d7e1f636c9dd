#ifndef DAEMON_PLAN_H_
#define DAEMON_PLAN_H_

#include <string>
#include <vector>

#include "daemon/reader/support.h"
#include "daemon/schedule/scheduler.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// What the running system offers; asked once, at start.
struct Host {
  IpcNamespace ipc_namespace;
  /// Where POSIX queues are listed and opened; it may be awaited. An error if the kernel has no POSIX queues.
  reader::DirectoryResult mqueue_directory;
  /// Why it could not be checked that `mqueue_directory` is of this IPC namespace; empty if it was.
  std::string unchecked_directory;
  reader::CensusResult census;
  std::vector<reader::Support> readers;
  /// The same for every plan, so that a reload forgets no head.
  reader::MessageDigest digest;
  std::string procfs;
};

/// Finds out. Never fails: what is missing is told in the members. Of the settings it takes the readers that they
/// force. When it has returned nothing is probed any more: whatever restricts the daemon's system calls comes after it.
Host FindHost(const std::string& mqueuefs, const std::string& procfs, const settings::Settings& settings);

/// Whether `host` supports another reader for the kind of queue that `reader` is for.
bool HasReaderBeside(const Host& host, ReaderKind reader);

/// What the configuration asks of a host, as the scheduler takes it.
schedule::Plan MakePlan(const Host& host, const settings::Settings& settings);

}  // namespace mqueue

#endif  // DAEMON_PLAN_H_
