#ifndef DAEMON_RIGHTS_H_
#define DAEMON_RIGHTS_H_

#include "daemon/sandbox/privileges.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// What the configuration has a use for. Without any of it the daemon sees its own queues and those that everybody may
/// read.
sandbox::Rights RightsFor(const settings::Settings& settings);

}  // namespace mqueue

#endif  // DAEMON_RIGHTS_H_
