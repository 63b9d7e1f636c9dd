#ifndef DAEMON_PERMISSIONS_H_
#define DAEMON_PERMISSIONS_H_

#include <iosfwd>

#include "daemon/settings/flags.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// Runs --check-permissions: gives up the capabilities that a start would give up, reads every queue once as a round
/// would, and writes a table to `out`. The table has each reader and each queue, the capability that it needs, whether
/// the process has it, and the consequence. After it comes the smallest set of capabilities that would make more
/// queues readable, or more of them, and how to grant it.
///
/// Returns the exit code of the process: 0 if some reader read every queue, 1 if a queue was not read or queues could
/// not be listed, 2 if the check itself failed, with the reason in `err`.
int CheckPermissions(const settings::Flags& flags, const settings::Settings& settings, std::ostream& out,
                     std::ostream& err);

}  // namespace mqueue

#endif  // DAEMON_PERMISSIONS_H_
