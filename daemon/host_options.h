#ifndef DAEMON_HOST_OPTIONS_H_
#define DAEMON_HOST_OPTIONS_H_

#include "daemon/pipeline/host.h"
#include "daemon/settings/flags.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// What pipeline::FindHost has to probe for this command line and configuration.
pipeline::HostOptions HostOptionsFor(const settings::Flags& flags, const settings::Settings& settings);

}  // namespace mqueue

#endif  // DAEMON_HOST_OPTIONS_H_
