#ifndef DAEMON_CHECK_PERMISSIONS_H_
#define DAEMON_CHECK_PERMISSIONS_H_

#include <iosfwd>

#include "daemon/settings/flags.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// Runs --check-permissions: gives up the capabilities that a start would give up, runs one round and writes its
/// permission report to `out`; see status/permission_report.h.
///
/// Returns the exit code of the process: 0 if some reader read every queue, 1 if a queue was not read or queues could
/// not be listed, 2 if the check itself failed, with the reason in `err`.
int CheckPermissions(const settings::Flags& flags, const settings::Settings& settings, std::ostream& out,
                     std::ostream& err);

}  // namespace mqueue

#endif  // DAEMON_CHECK_PERMISSIONS_H_
