#include "daemon/check_permissions.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <ostream>
#include <string>
#include <system_error>

#include "daemon/confinement/privileges.h"
#include "daemon/confinement/process_capabilities.h"
#include "daemon/log/log.h"
#include "daemon/os/clock.h"
#include "daemon/os/kernel_version.h"
#include "daemon/os/posix_queue.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/reader/catalogue.h"
#include "daemon/status/permission_report.h"
#include "daemon/text/printable_name.h"
#include "daemon/wiring.h"

namespace mqueue {
namespace {

using confinement::Capabilities;
using confinement::Capability;

// Whether CAP_BPF and CAP_PERFMON are all that keeps the BPF programs from being loaded, as far as can be told.
bool BpfWouldLoad(const pipeline::Host& host, const Capabilities& held) {
  constexpr char kKernelTypes[] = "/sys/kernel/btf/vmlinux";
  constexpr os::KernelVersion kOldest{6, 1};
  const bool holds_both = held.contains(Capability::kBpf) && held.contains(Capability::kPerfmon);
  return !host.walker && host.walker.error().code == EPERM && !holds_both && os::RunningKernelVersion() >= kOldest &&
         ::access(kKernelTypes, R_OK) == 0;
}

status::PermissionFacts FactsOf(const pipeline::Host& host, const Capabilities& held) {
  status::PermissionFacts facts{
      .held = held, .kernel_has_posix_queues = os::KernelHasPosixQueues(), .bpf_would_load = BpfWouldLoad(host, held)};
  for (const confinement::ReaderNeeds& needs : reader::NeedsOf()) {
    const auto& support = *std::ranges::find(host.readers, needs.kind, &reader::Support::reader);
    facts.readers.push_back({.needs = needs, .supported = support.supported, .obstacle = support.obstacle});
  }
  if (!host.mqueue_directory) {
    facts.listing_error = host.mqueue_directory.error().message;
    return facts;
  }
  const auto& directory = **host.mqueue_directory;
  facts.awaits_mount = directory.awaited().has_value();
  if (const auto listed = directory.List(); !listed) facts.listing_error = listed.error().message;
  return facts;
}

// setcap replaces what a file has, so its text names that, too.
std::string SetcapCommand(const Capabilities& needed) {
  constexpr char kOwnProgram[] = "/proc/self/exe";
  std::error_code unknown;
  const std::string program = std::filesystem::read_symlink(kOwnProgram, unknown).string();
  if (program.empty()) return std::string("cannot tell: there is no ") + kOwnProgram;
  const auto text = confinement::FileCapabilitiesWith(kOwnProgram, needed);
  return text ? "setcap '" + *text + "' " + PrintableName(program) : "cannot tell: " + text.error().message;
}

}  // namespace

int CheckPermissions(const settings::Flags& flags, const settings::Settings& settings, std::ostream& out,
                     std::ostream& err) {
  auto privileges = confinement::Privileges::Begin(CapabilityPlanFor(settings));
  if (!privileges) {
    err << privileges.error().message << '\n';
    return 2;
  }
  // What the table says is no event for the log.
  pipeline::Pipeline pipeline(pipeline::FindHost(HostOptionsFor(flags, settings)), settings, os::Now,
                              log::Log(log::Level::kError, log::Format::kLogfmt));
  if (const auto started = privileges->Started(); !started) {
    err << started.error().message << '\n';
    return 2;
  }
  const auto round = pipeline.RunOnce();
  if (!round->report.abandoned.empty()) {
    err << "listing the queues did not end in time; try again when the host is less busy\n";
    return 2;
  }
  const auto report = status::MakePermissionReport(*round, FactsOf(pipeline.host(), privileges->held()));
  Write(report, SetcapCommand(FileCapabilitiesFor(report)), out);
  return report.all_are_read ? 0 : 1;
}

}  // namespace mqueue
