#ifndef DAEMON_SETTINGS_GLOB_H_
#define DAEMON_SETTINGS_GLOB_H_

#include <cstddef>
#include <string_view>

#include "daemon/queue/queue_ref.h"

namespace mqueue::settings {

/// The offset of the bracket that closes the one at `open`; npos if there is none. A bracket that is first, one of a
/// class as in [[:alnum:]] and one behind a backslash close nothing.
std::size_t ClosingBracket(std::string_view glob, std::size_t open);

/// The first bracket expression of the glob that no character matches, such as "[z-a]"; empty if there is none. Every
/// bracket of `glob` is closed.
std::string_view EmptyBracket(std::string_view glob);

/// Whether fnmatch(3) could match the glob with the name of a queue of that kind. Every bracket of `glob` is closed.
/// Takes time that grows with the length of the glob alone.
bool CanMatch(std::string_view glob, Ipc ipc);

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_GLOB_H_
