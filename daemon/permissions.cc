#include "daemon/permissions.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iomanip>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "daemon/host_options.h"
#include "daemon/log/log.h"
#include "daemon/os/clock.h"
#include "daemon/os/kernel_version.h"
#include "daemon/os/posix_queue.h"
#include "daemon/pipeline/host.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/queue/round.h"
#include "daemon/rights.h"
#include "daemon/sandbox/privileges.h"
#include "daemon/text/printable_name.h"

namespace mqueue {
namespace {

using sandbox::Capabilities;
using sandbox::Capability;

constexpr char kKernelTypes[] = "/sys/kernel/btf/vmlinux";

struct Row {
  std::string subject;
  Capabilities rights;
  /// What comes of holding them or not.
  std::string outcome;
  /// Whether holding them would show more.
  bool wanting = false;
  /// Whether a queue that the configuration asks for is not read, or queues cannot be listed.
  bool unread = false;
  /// Whether reader bpf cannot do what is missing: another one is forced.
  bool without_bpf = false;
};

bool Holds(const Capabilities& held, const Capabilities& rights) { return std::ranges::includes(held, rights); }

// One line, whatever the name or the message holds.
std::string OnOneLine(std::string_view text) {
  std::string line = PrintableName(text);
  for (auto at = line.find('\n'); at != std::string::npos; at = line.find('\n', at)) line.replace(at, 1, "\\x0a");
  return line;
}

Capabilities RightsOf(ReaderKind reader) {
  if (reader == ReaderKind::kBpf) return {Capability::kBpf, Capability::kPerfmon};
  if (reader == ReaderKind::kMsgCopy) return {Capability::kIpcOwner};
  return Serves(reader, Ipc::kPosix) ? Capabilities{Capability::kDacReadSearch} : Capabilities{};
}

Row ReaderRow(const pipeline::Host& host, const reader::Support& support, const Capabilities& held) {
  const Capabilities rights = RightsOf(support.reader);
  Row row{.subject = "reader " + std::string(ToString(support.reader)), .rights = rights};
  const bool needs_mount = support.supported && support.reader != ReaderKind::kBpf &&
                           Serves(support.reader, Ipc::kPosix) && host.mqueue_directory &&
                           (*host.mqueue_directory)->awaited();
  if (needs_mount) {
    row.outcome = "cannot look: needs the mqueue mount";
  } else if (!support.supported) {
    // No right makes up for what the kernel lacks.
    if (support.reader != ReaderKind::kBpf) row.rights.clear();
    row.outcome = "cannot look: " + OnOneLine(support.obstacle);
    row.wanting = support.reader == ReaderKind::kBpf && !Holds(held, rights);
  } else if (support.reader == ReaderKind::kBpf || Holds(held, rights)) {
    row.outcome = "looks into every queue";
  } else {
    row.outcome = "looks into queues whose mode lets it read";
  }
  return row;
}

// `posix_is_read`: whether no listed POSIX queue is unread, which a mount might change.
Row MountRow(const pipeline::Host& host, const Capabilities& held, bool posix_is_read, bool bpf_would_load) {
  const auto listed =
      host.mqueue_directory ? (*host.mqueue_directory)->List() : std::unexpected(host.mqueue_directory.error());
  Row row{.subject = "mqueue mount"};
  if (listed) {
    row.outcome = "POSIX queues can be listed";
  } else if (!os::KernelHasPosixQueues()) {
    row.outcome = "not needed: the kernel has no POSIX queues";
  } else if (reader::IsSupported(host.readers, ReaderKind::kBpf) && posix_is_read) {
    row.outcome = "not needed: reader bpf lists POSIX queues";
  } else if (bpf_would_load) {
    row.rights = RightsOf(ReaderKind::kBpf);
    row.outcome = "POSIX queues cannot be listed: mount one (mount -t mqueue none /dev/mqueue) or use reader bpf";
    row.wanting = row.unread = true;
  } else {
    row.rights = {Capability::kSysAdmin};
    row.outcome = "POSIX queues cannot be listed: " + OnOneLine(listed.error().message);
    row.wanting = !Holds(held, row.rights);
    row.unread = true;
  }
  return row;
}

Row QueueRow(const QueueState& state) {
  const WatchedQueue& queue = state.queue;
  const Look& look = state.look;
  Row row{.subject = "queue " + OnOneLine(queue.ref.name),
          .without_bpf = !MayUse(ReaderKind::kBpf, queue.policy->reader, queue.ref.ipc)};
  if (queue.ref.ipc_namespace.inode != 0 && !queue.ref.ipc_namespace.IsOwn()) {
    row.subject += " of namespace " + queue.ref.ipc_namespace.Label();
  }
  const Capabilities others{queue.ref.ipc == Ipc::kPosix ? Capability::kDacReadSearch : Capability::kIpcOwner};
  if (!look && look.error().reason == LookErrorReason::kGone) {
    row.outcome = "was gone before it could be looked at";
  } else if (!look) {
    row.outcome = "not looked into: " + OnOneLine(look.error().message);
    row.unread = true;
    row.wanting = look.error().reason == LookErrorReason::kPermission;
  } else {
    row.outcome = "looked into by " + std::string(ToString(look->reader));
    row.wanting = !look->handed_down.empty();
    if (row.wanting) row.outcome += " only: " + OnOneLine(look->handed_down);
  }
  if (row.wanting) row.rights = others;
  return row;
}

struct QueueRows {
  std::vector<Row> rows;
  bool all_posix_are_read = true;
};

bool OnlyOtherReadersServe(const std::vector<Row>& queues) {
  return !queues.empty() && std::ranges::all_of(queues, &Row::without_bpf);
}

Wanted WantedBy(const std::vector<Row>& rows) {
  Wanted wanted;
  for (const Row& row : rows) {
    if (!row.wanting) continue;
    Capabilities& into = row.without_bpf ? wanted.strictly : wanted.loosely;
    into.insert(row.rights.begin(), row.rights.end());
  }
  return wanted;
}

QueueRows RowsOf(const Round& round) {
  QueueRows result;
  result.rows.reserve(round.queues.size());
  for (const auto& state : round.queues) {
    const Row& row = result.rows.emplace_back(QueueRow(*state));
    if (row.unread && state->queue.ref.ipc == Ipc::kPosix) result.all_posix_are_read = false;
  }
  return result;
}

// Whether CAP_BPF and CAP_PERFMON are all that keeps the BPF programs from being loaded, as far as can be told.
bool BpfWouldLoad(const pipeline::Host& host, const Capabilities& wanted_to_start, const Capabilities& held) {
  constexpr os::KernelVersion kOldest{6, 1};
  return !host.walker && host.walker.error().code == EPERM && wanted_to_start.contains(Capability::kBpf) &&
         !Holds(held, RightsOf(ReaderKind::kBpf)) && os::RunningKernelVersion() >= kOldest &&
         ::access(kKernelTypes, R_OK) == 0;
}

void Write(const std::vector<Row>& rows, const Capabilities& held, std::ostream& out) {
  std::size_t subject = 0;
  std::size_t rights = 0;
  for (const Row& row : rows) {
    subject = std::max(subject, row.subject.size());
    rights = std::max(rights, sandbox::ToString(row.rights).size());
  }
  const auto line = [&](const std::string& first, const std::string& second, const char* third,
                        const std::string& last) {
    out << std::left << std::setw(static_cast<int>(subject) + 2) << first << std::setw(static_cast<int>(rights) + 2)
        << second << std::setw(6) << third << last << '\n';
  };
  line("WHAT", "RIGHT", "HELD", "OUTCOME");
  for (const Row& row : rows) {
    const char* holds = row.rights.empty() ? "-" : Holds(held, row.rights) ? "yes" : "no";
    line(row.subject, sandbox::ToString(row.rights), holds, row.outcome);
  }
}

std::string Joined(const Capabilities& capabilities, std::string_view between,
                   std::string (*spell)(std::string_view name)) {
  std::string list;
  for (const Capability capability : capabilities) {
    list += (list.empty() ? "" : std::string(between)) + spell(ToString(capability));
  }
  return list;
}

// The kernel's names and Kubernetes'.
std::string AsItIs(std::string_view name) { return std::string(name); }
std::string WithoutPrefix(std::string_view name) { return std::string(name.substr(std::string_view("CAP_").size())); }

// setcap replaces what a file has, so its text names that, too.
std::string SetcapCommand(const Capabilities& needed) {
  constexpr char kOwnProgram[] = "/proc/self/exe";
  std::error_code unknown;
  const std::string program = std::filesystem::read_symlink(kOwnProgram, unknown).string();
  const auto text = sandbox::FileCapabilitiesWith(kOwnProgram, needed);
  if (!text || program.empty()) {
    return "cannot tell: " + (text ? "there is no " + std::string(kOwnProgram) : OnOneLine(text.error().message));
  }
  return "setcap '" + *text + "' " + OnOneLine(program);
}

void WriteGrants(const Capabilities& missing, const Capabilities& held, bool all_are_read, std::ostream& out) {
  // A program whose file has capabilities gets no ambient ones: what it needs stands on the file or is lost. This one
  // serves to mount a file system alone.
  Capabilities needed = held;
  needed.erase(Capability::kSysAdmin);
  needed.insert(missing.begin(), missing.end());

  const std::string names = Joined(missing, " ", AsItIs);
  // The unit of the package also forbids bpf(2), which ebpf.conf allows.
  const std::string bpf = missing.contains(Capability::kBpf) ? " and SystemCallFilter=bpf" : "";
  out << (all_are_read ? "\nEvery queue is read. To see more of their messages, grant "
                       : "\nTo read every queue, grant ")
      << sandbox::ToString(missing) << ":\n"
      << "  systemd     [Service] CapabilityBoundingSet=" << names << " and AmbientCapabilities=" << names << bpf
      << '\n'
      << "  Kubernetes  securityContext: {capabilities: {add: [" << Joined(missing, ", ", WithoutPrefix) << "]}}\n"
      << "  by hand     " << SetcapCommand(needed) << '\n';
}

}  // namespace

int CheckPermissions(const settings::Flags& flags, const settings::Settings& settings, std::ostream& out,
                     std::ostream& err) {
  const sandbox::Rights rights = RightsFor(settings);
  auto privileges = sandbox::Privileges::Begin(rights);
  if (!privileges) {
    err << privileges.error().message << '\n';
    return 2;
  }
  // What the table says is no event for the log.
  pipeline::Pipeline pipeline(pipeline::FindHost(HostOptionsFor(flags, settings)), settings, os::Now,
                              log::Log(log::Level::kError, log::Format::kLogfmt));
  const pipeline::Host& host = pipeline.host();
  if (const auto started = privileges->Started(); !started) {
    err << started.error().message << '\n';
    return 2;
  }
  const Capabilities& held = privileges->held();
  const auto round = pipeline.RunOnce();
  if (!round->report.abandoned.empty()) {
    err << "listing the queues did not end in time; try again when the host is less busy\n";
    return 2;
  }
  QueueRows queues = RowsOf(*round);
  const bool bpf_would_load = BpfWouldLoad(host, rights.to_start, held);
  std::vector<Row> rows{MountRow(host, held, queues.all_posix_are_read, bpf_would_load)};
  const bool bpf_shows_more = !OnlyOtherReadersServe(queues.rows) && std::ranges::none_of(queues.rows, &Row::unread);
  for (const reader::Support& support : host.readers) {
    Row& row = rows.emplace_back(ReaderRow(host, support, held));
    // Queues that are not read ask for what they need themselves.
    row.wanting = row.wanting && bpf_shows_more;
  }
  std::ranges::move(queues.rows, std::back_inserter(rows));
  Write(rows, held, out);
  const bool all_are_read = std::ranges::none_of(rows, &Row::unread);
  const Capabilities missing = SmallestGrant(WantedBy(rows), held, bpf_would_load);
  if (!missing.empty()) WriteGrants(missing, held, all_are_read, out);
  return all_are_read ? 0 : 1;
}

}  // namespace mqueue
