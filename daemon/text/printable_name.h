#ifndef DAEMON_TEXT_PRINTABLE_NAME_H_
#define DAEMON_TEXT_PRINTABLE_NAME_H_

#include <string>
#include <string_view>

namespace mqueue {

/// Returns a name that any user of the host may have chosen (of a queue, of a process) in a form that is safe to show
/// in a label, a log line or a page. The result is valid UTF-8, and two different names never have the same result.
///
/// These bytes become `\xNN` (two lower-case hex digits):
/// - bytes that are not part of valid UTF-8;
/// - the backslash (`\x5c`), so that the result is unambiguous;
/// - control characters (C0 and C1), line and paragraph separators (U+2028, U+2029), and characters that change the
///   direction of text (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069). They could send commands to a
///   terminal, or make text appear in another order than it has.
///
/// A newline stays, because the exposition format has an escape for it. The result is not yet escaped for the
/// exposition.
std::string PrintableName(std::string_view name);

/// The same for the path of a control group, in which systemd writes `-` as the four characters `\x2d`: such a sequence
/// that stands for a visible ASCII character other than the backslash stays as it is. PrintableName never makes one of
/// these, so there is still no result for two paths.
std::string PrintableCgroup(std::string_view path);

}  // namespace mqueue

#endif  // DAEMON_TEXT_PRINTABLE_NAME_H_
