#include "daemon/log/line.h"

#include "daemon/text/printable_name.h"

namespace mqueue::log {
namespace {

// A JSON string, which logfmt parsers accept as well. PrintableName leaves the newline as the only control character.
std::string Quote(std::string_view value) {
  std::string quoted = "\"";
  for (const char c : PrintableName(value)) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace

std::string RenderLine(Format format, std::string_view event, std::span<const Field> fields) {
  const bool json = format == Format::kJson;
  std::string line = (json ? "\"msg\":" : "msg=") + Quote(event);
  for (const Field& field : fields) {
    line += json ? ",\"" : " ";
    line += field.key;
    line += json ? "\":" : "=";
    line += Quote(field.value);
  }
  return line;
}

const char* LinePattern(Format format) {
  return format == Format::kJson ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                 : "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v";
}

}  // namespace mqueue::log
