#ifndef DAEMON_SETTINGS_LOAD_H_
#define DAEMON_SETTINGS_LOAD_H_

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/settings/settings.h"
#include "daemon/yaml/config_file.h"
#include "daemon/yaml/problems.h"

namespace mqueue::settings {

using LoadErrors = yaml::Errors;

/// Reads and checks a configuration file. An empty file, and an absent one that is not required, are the defaults.
/// Touches nothing but the file; throws nothing; may be called at any time from any thread.
std::expected<Settings, LoadErrors> LoadSettings(const yaml::ConfigFile& file);

/// The same from memory; any bytes are safe. `file` is only what the errors begin with.
std::expected<Settings, LoadErrors> ParseSettings(std::string_view text, std::string_view file);

/// Every key that a file may have, in the order of the documentation: "interval", "queues", "queues[].match", …,
/// "peek.max_messages.msg_copy". `queues[].labels` has keys of the user's choice.
std::vector<std::string> KnownKeys();

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_LOAD_H_
