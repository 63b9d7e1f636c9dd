#ifndef DAEMON_ACCESS_WEB_SCALARS_H_
#define DAEMON_ACCESS_WEB_SCALARS_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/yaml/node.h"
#include "daemon/yaml/problems.h"

// Values of the web configuration, which are read as Go's YAML library reads them and not as those of
// --config.file, so that one file serves every exporter.
namespace mqueue::access {

/// Whether the value is missing or `""`: the format then takes the default.
bool IsUnset(const yaml::Node& value);

/// true, false and YAML 1.1's other words for them (yes, no, on, off, y, n; lower case, upper case or capitalized),
/// without quotes. A missing value leaves `into` alone; adds a problem for any other one.
void ReadWebBool(const yaml::Node& value, bool& into, yaml::Problems& problems);

/// A duration that ParseGoDuration reads and that is not negative; a number without a unit only if it is 0. A missing
/// value leaves `into` alone.
void ReadWebInterval(const yaml::Node& value, std::chrono::nanoseconds& into, yaml::Problems& problems);

/// The value of a header field: printable ASCII. Line breaks, which folded and literal blocks have, become a space
/// each; those around the text are left out. Nothing if the text has anything else.
std::optional<std::string> HeaderValue(std::string_view text);

/// Whether Go's bcrypt library would check a password against `hash`: "$2b$10$" and 53 characters of bcrypt's alphabet,
/// 22 of the salt and 31 of the hash. The letter is a, b, x or y.
bool IsBcryptHash(std::string_view hash);

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_WEB_SCALARS_H_
