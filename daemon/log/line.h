#ifndef DAEMON_LOG_LINE_H_
#define DAEMON_LOG_LINE_H_

#include <span>
#include <string>
#include <string_view>

#include "daemon/log/level.h"

namespace mqueue::log {

/// One `key=value` of a line. The value may be any bytes.
struct Field {
  std::string_view key;
  std::string value;
};

/// Message and fields as they stand in a line: `msg="listening" address=":9992"`, or the same as members of a JSON
/// object. The result has no newline, whatever the values contain.
std::string RenderLine(Format format, std::string_view event, std::span<const Field> fields);

/// The spdlog pattern of a whole line, whose payload is a result of RenderLine.
const char* LinePattern(Format format);

}  // namespace mqueue::log

#endif  // DAEMON_LOG_LINE_H_
