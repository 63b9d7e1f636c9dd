#include "daemon/settings/check.h"

#include <filesystem>
#include <ostream>
#include <system_error>

#include "daemon/settings/load.h"

namespace mqueue::settings {

int CheckConfig(const yaml::ConfigFile& file, std::ostream& out, std::ostream& err) {
  const std::expected<Settings, LoadErrors> settings = LoadSettings(file);
  if (settings) {
    std::error_code unknown;
    const bool absent = !std::filesystem::exists(file.path, unknown);
    out << file.path << (absent ? ": ok, absent: the defaults serve\n" : ": ok\n");
    for (const std::string& warning : settings->warnings) err << "warning: " << warning << '\n';
    return 0;
  }
  for (const std::string& error : settings.error()) err << error << '\n';
  return 1;
}

}  // namespace mqueue::settings
