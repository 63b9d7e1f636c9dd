#include "daemon/daemon.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <expected>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/access/tls_context.h"
#include "daemon/access/web_access.h"
#include "daemon/build_info.h"
#include "daemon/connection_limit.h"
#include "daemon/exit_guard.h"
#include "daemon/http/endpoints.h"
#include "daemon/http/server.h"
#include "daemon/metrics/exporter_metrics.h"
#include "daemon/metrics/process_metrics.h"
#include "daemon/metrics/text_sink.h"
#include "daemon/os/clock.h"
#include "daemon/os/descriptors.h"
#include "daemon/os/proc.h"
#include "daemon/os/service_notify.h"
#include "daemon/os/service_sockets.h"
#include "daemon/pipeline/host.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/pipeline/worker_pool.h"
#include "daemon/settings/load.h"
#include "daemon/version.h"
#include "daemon/wiring.h"

namespace mqueue {
namespace {

namespace asio = boost::asio;

// Requests in flight get this long to finish after SIGTERM.
constexpr std::chrono::seconds kStopGrace{4};
// A reader of stderr that stands still delays the end by this.
constexpr std::chrono::seconds kLastLineGrace{1};
// Then threads get this long to return what they are at, before the process ends without them.
constexpr std::chrono::seconds kThreadGrace{2};
// With a higher limit than this there is room for all connections that can be configured.
constexpr std::size_t kMostDescriptorsCounted = 100'000;

std::string Environment(const char* name) {
  // Nobody changes the environment: it is read before and while only this thread would.
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string Joined(const settings::LoadErrors& errors) {
  std::string text;
  for (const auto& error : errors) text += (text.empty() ? "" : "\n") + error;
  return text;
}

}  // namespace

class Daemon::Impl {
 public:
  Impl(const settings::Flags& flags, const settings::Settings& settings, confinement::Sandbox& sandbox,
       const log::Log& log)
      : flags_(flags),
        log_(log),
        sandbox_(sandbox),
        notify_(Environment("NOTIFY_SOCKET")),
        self_(std::make_shared<metrics::ExporterMetrics>(ThisBuild())),
        text_(self_, {std::make_shared<metrics::ProcessMetrics>(flags.procfs)}),
        pipeline_(pipeline::FindHost(HostOptionsFor(flags, settings)), settings, os::Now, log) {
    pipeline_.OnRound([this](const std::shared_ptr<const Round>& round) {
      self_->SetLogLinesDropped(log_.LinesDropped());
      text_.Take(*round);
    });
  }

  // Waits for threads. After a stop that was asked for, the exit guard ends the process if they hang.
  ~Impl() {
    workers_.Join();
    only_passwords_left_ = true;
    if (access_) access_->Stop();
    exit_guard_.reset();
  }

  int Run() {
    if (!OpenAccess() || !Listen()) return 1;
    TellHost();
    if (!sandbox_.Close(SandboxNeedsFor(pipeline_.host(), FilesReadAgain()))) return 1;
    if (!log_.StartThread()) {
      Refuse(
          "cannot create the thread that writes the log; raise the limits of tasks (RLIMIT_NPROC, pids.max, TasksMax=) "
          "and memory");
      return 1;
    }
    if (!StartThreads()) return 1;
    self_->ReloadDone(true, os::Now().realtime);
    WaitForSignals();
    pipeline_.Start(io_, workers_, [this] { Ready(); });
    KeepWatchdogQuiet();
    io_.run();
    log_.Info("stopped");
    return 0;
  }

 private:
  bool StartThreads() {
    auto workers = pipeline::Workers::Start();
    if (!workers) return Refuse(workers.error().message);
    workers_ = *std::move(workers);
    auto guard = ExitGuard::Start([this] {
      const bool is_fault = !only_passwords_left_;
      if (is_fault) log_.Error("stopped without waiting for threads that hang", {{"threads", workers_.Busy()}});
      log_.Finish(kLastLineGrace);
      return is_fault ? 1 : 0;
    });
    if (!guard) return Refuse(guard.error().message);
    exit_guard_ = *std::move(guard);
    return true;
  }

  bool OpenAccess() {
    if (flags_.web_config_file.empty()) return true;
    // A later file may ask for TLS, when the library can open nothing more.
    access::PrepareTls();
    auto opened = access::WebAccess::Open(flags_.web_config_file, log_,
                                          [this](bool successful) { self_->WebReloadDone(successful); });
    if (opened) {
      access_ = *std::move(opened);
      access_->Watch(io_);
      return true;
    }
    for (const auto& error : opened.error()) log_.Error("web configuration refused", {{"error", error}});
    return false;
  }

  std::vector<std::string> FilesReadAgain() const {
    std::vector<std::string> files{flags_.config_file.path};
    if (access_) std::ranges::move(access_->Files(), std::back_inserter(files));
    return files;
  }

  // How many connections are served. Everything but the listening sockets is open by now.
  std::expected<std::size_t, std::string> Connections(std::size_t listeners) const {
    const std::size_t limit = os::DescriptorLimit();
    const std::size_t open = os::OpenDescriptors(std::min(limit, kMostDescriptorsCounted)) + listeners;
    const auto served = ConnectionLimit(flags_.max_connections, limit, open);
    self_->SetConnectionsLimited(served && *served < flags_.max_connections);
    if (served && *served < flags_.max_connections) {
      log_.Warn(
          "the limit of open files allows fewer connections than configured; raise it, or lower "
          "--web.max-connections",
          {{"limit", std::to_string(limit)},
           {"configured", std::to_string(flags_.max_connections)},
           {"served", std::to_string(*served)}});
    }
    return served;
  }

  bool Listen() {
    auto router = http::MakeEndpoints({.telemetry_path = flags_.telemetry_path,
                                       .version = kVersion,
                                       .metrics = [this](std::string_view accept) { return text_.Answer(accept); },
                                       .ready = [this] { return Readiness(); },
                                       .healthy = [this] { return Health(); },
                                       .lifecycle = flags_.enable_lifecycle,
                                       .reload = [this] { return Reload(access_ && access_->RequiresLogin()); }});
    const auto addresses = ListenAddresses();
    if (!addresses) return Refuse(addresses.error());
    const auto connections = Connections(addresses->size());
    if (!connections) return Refuse(connections.error());
    auto server = http::Server::Listen(
        io_, *addresses, std::move(router),
        [this](std::string_view handler, int status) { self_->RequestServed(handler, static_cast<unsigned>(status)); },
        {.max_connections = *connections}, access_ ? access_ : std::make_shared<http::Access>());
    if (!server) return Refuse(server.error());
    server_.emplace(*std::move(server));
    for (const auto& address : server_->Addresses()) log_.Info("listening", {{"address", address}});
    return true;
  }

  std::expected<std::vector<std::string>, std::string> ListenAddresses() const {
    if (!flags_.systemd_socket) return flags_.listen_addresses;
    const auto sockets =
        os::ServiceSockets(Environment("LISTEN_FDS"), Environment("LISTEN_PID"), static_cast<int>(::getpid()));
    if (!sockets) return std::unexpected(sockets.error());
    std::vector<std::string> addresses;
    for (const int socket : *sockets) addresses.push_back("fd:" + std::to_string(socket));
    return addresses;
  }

  bool Refuse(const std::string& error) const {
    log_.Error("cannot start", {{"error", error}});
    return false;
  }

  void TellHost() const {
    const pipeline::Host& host = pipeline_.host();
    if (!host.unchecked_directory.empty()) {
      log_.Warn(
          "cannot check that the mounted mqueue file system belongs to this IPC namespace; if it does not, its queues "
          "are shown with a wrong ipc_namespace",
          {{"error", host.unchecked_directory}});
    }
    for (const auto& support : host.readers) {
      const log::Field reader{"reader", std::string(ToString(support.reader))};
      const log::Field reason{"reason", support.obstacle};
      if (support.known) self_->SetReaderSupported(support.reader, support.supported);
      if (!support.known) {
        log_.Warn("a reader could not be tried and is not used until the next start", {reader, reason});
      } else if (!support.supported && HasReaderBeside(host, support.reader)) {
        log_.Info("a reader is not supported here; another serves", {reader, reason});
      } else if (!support.supported) {
        log_.Warn("a reader is not supported here", {reader, reason});
      }
    }
  }

  std::expected<void, std::string> Health() const {
    const auto stalled = pipeline_.Stalled();
    if (!stalled) return {};
    return std::unexpected("no round has finished for " + std::to_string(stalled->count()) +
                           " seconds; mqueue_exporter_rounds_abandoned_total and the log say why");
  }

  std::expected<void, std::string> Readiness() const {
    auto health = Health();
    if (health && !ready_) return std::unexpected("the first round of looks is not over yet");
    return health;
  }

  void Ready() {
    ready_ = true;
    notify_.Ready();
    log_.Info("ready", {{"version", kVersion}});
  }

  // `may_weaken`: the one who asks may weaken the web configuration, see WebAccess::Reload.
  std::expected<void, std::string> Reload(bool may_weaken) {
    notify_.Reloading();
    const auto settings = LoadAgain();
    self_->ReloadDone(settings.has_value(), os::Now().realtime);
    // Before anything tells that the reload is done: what is written after that is not confirmed by it. It logs its
    // errors when its files are settled.
    const auto web = ReloadAccess(may_weaken);
    if (settings) Apply(*settings);
    // While the first round is still to come there is nothing to be ready again for.
    if (ready_) notify_.Ready();
    if (settings && web) return {};
    settings::LoadErrors errors = settings ? settings::LoadErrors{} : settings.error();
    for (const auto& error : errors) {
      log_.Error("configuration refused; the old one stays in force", {{"error", error}});
    }
    if (!web) std::ranges::copy(web.error(), std::back_inserter(errors));
    return std::unexpected(Joined(errors));
  }

  std::expected<void, settings::LoadErrors> ReloadAccess(bool may_weaken) const {
    if (!access_) return {};
    return access_->Reload(may_weaken, std::chrono::steady_clock::now());
  }

  std::expected<settings::Settings, settings::LoadErrors> LoadAgain() {
    auto settings = settings::LoadSettings(flags_.config_file);
    if (!settings) return settings;
    if (auto objection = sandbox_.Objection(CapabilityPlanFor(*settings)); !objection.empty()) {
      return std::unexpected(settings::LoadErrors{flags_.config_file.path + ": " + objection});
    }
    return settings;
  }

  void Apply(const settings::Settings& settings) {
    pipeline_.Replace(settings);
    for (const auto& warning : settings.warnings) log_.Warn("check the configuration", {{"warning", warning}});
    log_.Info("configuration reloaded", {{"file", flags_.config_file.path}});
  }

  void WaitForSignals() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      if (signal != SIGHUP) return Stop();
      // What is wrong has been logged. Who may send the signal may also restart the exporter.
      std::ignore = Reload(true);
      WaitForSignals();
    });
  }

  void Stop() {
    exit_guard_->Arm(kStopGrace + kThreadGrace);
    log_.Info("stopping");
    notify_.Stopping();
    pipeline_.Stop();
    if (server_) server_->Stop(kStopGrace, [this] { io_.stop(); });
  }

  // Not while rounds stall: the manager then restarts the process.
  void KeepWatchdogQuiet() {
    const auto interval =
        os::WatchdogInterval(Environment("WATCHDOG_USEC"), Environment("WATCHDOG_PID"), static_cast<int>(::getpid()));
    if (!interval) return;
    if (Health()) notify_.Alive();
    watchdog_.expires_after(*interval);
    watchdog_.async_wait([this](const boost::system::error_code& error) {
      if (!error) KeepWatchdogQuiet();
    });
  }

  const settings::Flags flags_;
  const log::Log log_;
  confinement::Sandbox& sandbox_;
  const os::ServiceNotify notify_;
  std::shared_ptr<metrics::ExporterMetrics> self_;

  metrics::TextSink text_;

  asio::io_context io_{1};
  pipeline::Pipeline pipeline_;
  // A check that takes long is no fault: what a password costs is the choice of who made its hash.
  std::atomic<bool> only_passwords_left_ = false;
  std::unique_ptr<ExitGuard> exit_guard_;
  pipeline::Workers workers_;
  asio::signal_set signals_{io_, SIGTERM, SIGINT, SIGHUP};
  asio::steady_timer watchdog_{io_};
  // Null: everybody is served.
  std::shared_ptr<access::WebAccess> access_;
  std::optional<http::Server> server_;
  bool ready_ = false;
};

Daemon::Daemon(const settings::Flags& flags, const settings::Settings& settings, confinement::Sandbox& sandbox,
               const log::Log& log)
    : impl_(std::make_unique<Impl>(flags, settings, sandbox, log)) {}

Daemon::~Daemon() = default;

int Daemon::Run() { return impl_->Run(); }

}  // namespace mqueue
