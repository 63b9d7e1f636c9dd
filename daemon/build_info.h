#ifndef DAEMON_BUILD_INFO_H_
#define DAEMON_BUILD_INFO_H_

#include <string>

#include "daemon/metrics/exporter_metrics.h"

namespace mqueue {

/// What this binary was built from and with. The revision is empty unless the build was stamped (see tools/revision).
metrics::BuildInfo ThisBuild();

/// What --version prints, in the form of Prometheus' programs: the version and revision, then a line for the compiler
/// and one for the platform. Ends in a newline.
std::string VersionText();

}  // namespace mqueue

#endif  // DAEMON_BUILD_INFO_H_
