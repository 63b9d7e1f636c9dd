#ifndef DAEMON_YAML_SOURCE_TEXT_H_
#define DAEMON_YAML_SOURCE_TEXT_H_

#include <string_view>

#include "daemon/yaml/problems.h"

namespace mqueue::yaml {

/// Refuses text that the YAML parser would read as something else than what an editor shows: bytes that are not UTF-8
/// (it replaces them), control characters (it takes 0x04 for the end of the file), tabs in an indentation (it says
/// nothing helpful) and directives (it skips lines that begin with %). Adds a problem for the first of them and returns
/// false.
bool CheckSourceText(std::string_view text, Problems& problems);

}  // namespace mqueue::yaml

#endif  // DAEMON_YAML_SOURCE_TEXT_H_
