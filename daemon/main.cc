#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <iostream>
#include <span>
#include <string>
#include <string_view>

#include "daemon/access/web_access.h"
#include "daemon/build_info.h"
#include "daemon/check_permissions.h"
#include "daemon/confinement/sandbox.h"
#include "daemon/connection_limit.h"
#include "daemon/daemon.h"
#include "daemon/last_resort.h"
#include "daemon/log/log.h"
#include "daemon/os/descriptors.h"
#include "daemon/os/proc.h"
#include "daemon/os/standard_streams.h"
#include "daemon/settings/check.h"
#include "daemon/settings/flags.h"
#include "daemon/settings/load.h"
#include "daemon/wiring.h"

namespace {

using mqueue::settings::Flags;

// Texts of megabytes come and go with every round. Each gets a mapping of its own and leaves with it; and the pool's
// few threads share one heap, since one for each would keep what the largest round ever needed.
void KeepHeapSmall() {
  ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);
  ::mallopt(M_ARENA_MAX, 1);
}

// 0 when the file is fit, or there is none.
int CheckWebConfig(const std::string& file) {
  if (file.empty()) return 0;
  const auto checked = mqueue::access::CheckWebConfig(file);
  if (checked) {
    std::cout << file << ": ok\n";
    return 0;
  }
  for (const auto& error : checked.error()) std::cerr << error << '\n';
  return 1;
}

// Returns `code` when every line of the log is written. When nobody reads stderr, it ends the process instead:
// returning would block in the log's destructor.
int Leave(int code, const mqueue::log::Log& log) {
  constexpr std::chrono::seconds kGrace{2};
  if (!log.Finish(kGrace)) ::_exit(code);
  return code;
}

int RefuseFlags(const std::string& error, mqueue::log::Format format) {
  if (format == mqueue::log::Format::kLogfmt) {
    std::cerr << "mqueue_exporter: " << error << '\n';
    return 1;
  }
  const mqueue::log::Log log(Flags().log_level, format);
  log.Error("command line refused", {{"error", error}});
  return Leave(1, log);
}

// The file as it is read at start. A reload reads it without this, and so refuses a pipe.
mqueue::yaml::ConfigFile AtStart(mqueue::yaml::ConfigFile file) {
  file.pipe_allowed = true;
  return file;
}

// A reader of stderr or a client that goes away, or a log file at its greatest size, makes a write fail, and must not
// end the process. Which signals are blocked is inherited: those that the daemon waits for must come through.
void PrepareSignals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  sigset_t awaited;
  sigemptyset(&awaited);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&awaited, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &awaited, nullptr);
}

// The start opens at most so many descriptors, listening sockets left out, before it can count what is left for
// connections. Some of the libraries throw when they find none.
constexpr std::size_t kDescriptorsOfStart = 20;

int Serve(const Flags& flags, const mqueue::log::Log& log) {
  KeepHeapSmall();
  mqueue::EndOnUnhandledException(log);
  const auto settings = mqueue::settings::LoadSettings(AtStart(flags.config_file));
  if (!settings) {
    for (const auto& error : settings.error()) log.Error("configuration refused", {{"error", error}});
    return 1;
  }
  for (const auto& warning : settings->warnings) log.Warn("check the configuration", {{"warning", warning}});
  if (const auto procfs = mqueue::os::RequireProcfs(flags.procfs); !procfs) {
    log.Error("cannot start", {{"error", "--path.procfs: " + procfs.error().message}});
    return flags.check_permissions ? 2 : 1;
  }
  if (flags.check_permissions) return mqueue::CheckPermissions(flags, *settings, std::cout, std::cerr);
  const auto room =
      mqueue::ConnectionLimit(1, mqueue::os::DescriptorLimit(), kDescriptorsOfStart + flags.listen_addresses.size());
  if (!room) {
    log.Error("cannot start", {{"error", room.error()}});
    return 1;
  }
  mqueue::confinement::Sandbox sandbox(flags.sandbox, log);
  if (!sandbox.Begin(mqueue::CapabilityPlanFor(*settings))) return 1;
  return mqueue::Daemon(flags, *settings, sandbox, log).Run();
}

}  // namespace

int main(int argc, char** argv) {
  if (const auto opened = mqueue::os::OpenStandardStreams(); !opened) {
    std::cerr << "mqueue_exporter: " << opened.error().message << '\n';
    return 1;
  }
  PrepareSignals();
  const auto arguments = std::span(argv, static_cast<std::size_t>(argc)).subspan(1);
  const auto flags = mqueue::settings::ParseFlags(arguments);
  if (!flags) return RefuseFlags(flags.error(), mqueue::settings::RequestedLogFormat(arguments));
  if (flags->help) {
    std::cout << mqueue::settings::HelpText();
    return 0;
  }
  if (flags->version) {
    std::cout << mqueue::VersionText();
    return 0;
  }
  if (flags->config_check) {
    const int result = mqueue::settings::CheckConfig(AtStart(flags->config_file), std::cout, std::cerr);
    return std::max(result, CheckWebConfig(flags->web_config_file));
  }
  const mqueue::log::Log log(flags->log_level, flags->log_format);
  return Leave(Serve(*flags, log), log);
}
