#ifndef DAEMON_SETTINGS_PATTERN_H_
#define DAEMON_SETTINGS_PATTERN_H_

#include <optional>
#include <string>
#include <string_view>

#include "daemon/queue/queue_ref.h"

namespace mqueue::settings {

/// What is wrong with a glob for names of queues of kind `ipc` (absent: either kind), as "what; what would be right";
/// empty when it is fine. Wrong is what fnmatch(3) takes for letters because it is incomplete, more than 1024 bytes,
/// and a glob that no queue's name can match.
std::string GlobFault(std::string_view glob, std::optional<Ipc> ipc);

/// The same for a regular expression. Whether it can match is found out for the beginnings "^x" alone, with a letter x.
std::string RegexFault(std::string_view regex, std::optional<Ipc> ipc);

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_PATTERN_H_
