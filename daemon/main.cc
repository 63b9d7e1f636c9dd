#include <malloc.h>

#include <algorithm>
#include <iostream>
#include <span>
#include <string>

#include "daemon/access/web_access.h"
#include "daemon/daemon.h"
#include "daemon/last_resort.h"
#include "daemon/log/log.h"
#include "daemon/permissions.h"
#include "daemon/protection.h"
#include "daemon/settings/check.h"
#include "daemon/settings/flags.h"
#include "daemon/settings/load.h"
#include "daemon/version.h"

namespace {

using mqueue::settings::Flags;

mqueue::log::Log MakeLog(const Flags& flags) {
  // The two rooms know nothing of each other, and their enumerators stand in the same order.
  return {static_cast<mqueue::log::Level>(flags.log_level), static_cast<mqueue::log::Format>(flags.log_format)};
}

// Texts of megabytes come and go with every round. Each gets a mapping of its own and leaves with it; and the pool's
// few threads share one heap, since one for each would keep what the largest round ever needed.
void KeepHeapSmall() {
  ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);
  ::mallopt(M_ARENA_MAX, 1);
}

// 0 when the file is fit, or there is none.
int CheckWebConfig(const std::string& file) {
  if (file.empty()) return 0;
  const auto rules = mqueue::access::LoadWebRules(file);
  if (rules) {
    std::cout << file << ": ok\n";
    return 0;
  }
  for (const auto& error : rules.error()) std::cerr << error << '\n';
  return 1;
}

int Serve(const Flags& flags) {
  KeepHeapSmall();
  const auto log = MakeLog(flags);
  mqueue::EndOnUnhandledException(log);
  const auto settings = mqueue::settings::LoadSettings(flags.config_file);
  if (!settings) {
    for (const auto& error : settings.error()) log.Error("configuration refused", {{"error", error}});
    return 1;
  }
  if (flags.check_permissions) return mqueue::CheckPermissions(flags, *settings, std::cout, std::cerr);
  mqueue::Protection protection(flags, log);
  if (!protection.Begin(*settings)) return 1;
  return mqueue::Daemon(flags, *settings, protection, log).Run();
}

}  // namespace

int main(int argc, char** argv) {
  const auto flags = mqueue::settings::ParseFlags(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
  if (!flags) {
    std::cerr << "mqueue_exporter: " << flags.error() << '\n';
    return 1;
  }
  if (flags->help) {
    std::cout << mqueue::settings::HelpText();
    return 0;
  }
  if (flags->version) {
    std::cout << "mqueue_exporter, version " << mqueue::kVersion << '\n';
    return 0;
  }
  if (flags->config_check) {
    const int result = mqueue::settings::CheckConfig(flags->config_file, std::cout, std::cerr);
    return std::max(result, CheckWebConfig(flags->web_config_file));
  }
  return Serve(*flags);
}
