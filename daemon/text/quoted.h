#ifndef DAEMON_TEXT_QUOTED_H_
#define DAEMON_TEXT_QUOTED_H_

#include <string>
#include <string_view>

namespace mqueue {

/// `text` in double quotes, for a message: on one line, printable, and cut after 80 bytes.
std::string Quoted(std::string_view text);

}  // namespace mqueue

#endif  // DAEMON_TEXT_QUOTED_H_
