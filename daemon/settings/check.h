#ifndef DAEMON_SETTINGS_CHECK_H_
#define DAEMON_SETTINGS_CHECK_H_

#include <iosfwd>

#include "daemon/yaml/config_file.h"

namespace mqueue::settings {

/// What --config.check does: loads the file and says to `out` that it is fine, and to `err` its warnings or all that is
/// wrong with it. Returns the process's exit code: 0 when the file, or the defaults in its absence, would serve,
/// else 1.
int CheckConfig(const yaml::ConfigFile& file, std::ostream& out, std::ostream& err);

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_CHECK_H_
