#ifndef DAEMON_CONFINEMENT_FILE_ACCESS_H_
#define DAEMON_CONFINEMENT_FILE_ACCESS_H_

#include <string>
#include <vector>

#include "daemon/os/error.h"

namespace mqueue::confinement {

/// What may be read when the daemon runs.
struct Readable {
  /// Files, and directories with all that is in them. What does not exist is left out.
  std::vector<std::string> paths;
  /// The same of directories that are open: a detached mount has no path. Not owned.
  std::vector<int> directories;
};

/// The directories that must be readable so that a file can be read again after it was replaced: the one that it lies
/// in and, for every symbolic link on the way to it, the one that holds the link. For a link to a directory also the
/// one that holds the target, since the link's next target usually lies there too. A link never adds "/", and /var/run,
/// /var/lock and the links in /dev add nothing. Each directory is there once, without links in its path. `file` need
/// not exist.
std::vector<std::string> DirectoriesFor(const std::string& file);

/// Confines the calling thread, and those that it will start, to reading these files, by Landlock: whatever rights the
/// process has, nothing else in the file system can be opened, made, changed or executed, and where the kernel knows
/// how, no TCP port can be bound or connected to. What is open stays open. Cannot be undone. Takes no_new_privs.
/// Fails with ENOSYS or EOPNOTSUPP where it has none, or where an outer
/// filter of system calls keeps it from this process.
os::Result<void> ConfineFiles(const Readable& readable);

}  // namespace mqueue::confinement

#endif  // DAEMON_CONFINEMENT_FILE_ACCESS_H_
