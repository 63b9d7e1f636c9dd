#ifndef DAEMON_PERMISSIONS_H_
#define DAEMON_PERMISSIONS_H_

#include <iosfwd>

#include "daemon/settings/flags.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// What --check-permissions does: gives up what a start would give up, looks at every queue once as a round would, and
/// writes a table to `out`: each feature and each queue, the right that it takes, whether the process holds it, what
/// comes of it, and how to grant what is missing. Returns the process's exit code: 0 when every queue was looked into
/// by the best reader that the kernel serves, 1 when a right was missing for one, 2 when it could not be found out,
/// which `err` then explains.
int CheckPermissions(const settings::Flags& flags, const settings::Settings& settings, std::ostream& out,
                     std::ostream& err);

}  // namespace mqueue

#endif  // DAEMON_PERMISSIONS_H_
