#ifndef DAEMON_SETTINGS_PATTERN_H_
#define DAEMON_SETTINGS_PATTERN_H_

#include <optional>
#include <string>
#include <string_view>

#include "daemon/queue/queue_ref.h"

namespace mqueue::settings {

/// What is wrong with a glob for names of queues of kind `ipc` (absent: either kind), as "what; what would be right";
/// empty when it is fine. Wrong is what fnmatch(3) takes for letters because it is incomplete, more than 1024 bytes,
/// and a beginning that no queue's name has.
std::string GlobFault(std::string_view glob, std::optional<Ipc> ipc);

/// The same for a regular expression, which is only checked for being one in RE2's syntax and for its length.
std::string RegexFault(std::string_view regex);

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_PATTERN_H_
