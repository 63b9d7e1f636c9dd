#ifndef DAEMON_QUEUE_PRINTABLE_NAME_H_
#define DAEMON_QUEUE_PRINTABLE_NAME_H_

#include <string>
#include <string_view>

namespace mqueue {

/// Makes a name that anybody on the host chose (a queue's, a process's) fit for a label: always valid UTF-8, and never
/// one result for two names.
///
/// A byte that is not part of valid UTF-8 becomes `\xNN` (two lower-case hex digits), and so do the backslash itself
/// (`\x5c`), which keeps the result unambiguous, and the bytes of control characters other than the newline, which
/// would otherwise reach the terminal of whoever looks at /metrics. A newline stays: the exposition has an escape for
/// it. The result is not yet escaped for an exposition.
std::string PrintableName(std::string_view name);

/// The same for the path of a control group, in which systemd writes `-` as the four characters `\x2d`: such a sequence
/// that stands for a visible ASCII character other than the backslash stays as it is. PrintableName never makes one of
/// these, so there is still no result for two paths.
std::string PrintableCgroup(std::string_view path);

}  // namespace mqueue

#endif  // DAEMON_QUEUE_PRINTABLE_NAME_H_
