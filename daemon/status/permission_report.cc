#include "daemon/status/permission_report.h"

#include <algorithm>
#include <iomanip>
#include <iterator>
#include <ostream>
#include <span>
#include <string_view>
#include <utility>

#include "daemon/queue/queue_policy.h"
#include "daemon/status/capability_grant.h"
#include "daemon/text/printable_name.h"

namespace mqueue::status {
namespace {

using confinement::Capabilities;
using confinement::Capability;

bool Holds(const Capabilities& held, const Capabilities& capabilities) {
  return std::ranges::includes(held, capabilities);
}

Capabilities SetOf(std::span<const Capability> some) { return {some.begin(), some.end()}; }

// One line, whatever the name or the message contains.
std::string OnOneLine(std::string_view text) {
  std::string line = PrintableName(text);
  for (auto at = line.find('\n'); at != std::string::npos; at = line.find('\n', at)) line.replace(at, 1, "\\x0a");
  return line;
}

PermissionRow ReaderRow(const ReaderFacts& reader, const PermissionFacts& facts) {
  const Capabilities to_start = SetOf(reader.needs.to_start);
  const Capabilities to_read = SetOf(reader.needs.to_read);
  PermissionRow row{.subject = "reader " + std::string(ToString(reader.needs.kind)), .capabilities = to_start};
  row.capabilities.insert(to_read.begin(), to_read.end());
  if (reader.supported && reader.needs.opens_queues && facts.awaits_mount) {
    row.outcome = "cannot look: needs the mqueue mount";
  } else if (!reader.supported) {
    // No other capability makes up for what the kernel does not support.
    row.capabilities = to_start;
    row.outcome = "cannot look: " + OnOneLine(reader.obstacle);
    row.wanting = !Holds(facts.held, to_start);
  } else if (Holds(facts.held, to_read)) {
    row.outcome = "looks into every queue";
  } else {
    row.outcome = "looks into queues whose mode lets it read";
  }
  return row;
}

bool IsSupported(const PermissionFacts& facts, ReaderKind kind) {
  return std::ranges::any_of(
      facts.readers, [kind](const ReaderFacts& reader) { return reader.needs.kind == kind && reader.supported; });
}

// `posix_is_read`: whether no listed POSIX queue is unread, which a mount might change.
PermissionRow MountRow(const PermissionFacts& facts, bool posix_is_read) {
  PermissionRow row{.subject = "mqueue mount"};
  if (!facts.listing_error) {
    row.outcome = "POSIX queues can be listed";
  } else if (!facts.kernel_has_posix_queues) {
    row.outcome = "not needed: the kernel has no POSIX queues";
  } else if (IsSupported(facts, ReaderKind::kBpf) && posix_is_read) {
    row.outcome = "not needed: reader bpf lists POSIX queues";
  } else if (facts.bpf_would_load) {
    row.capabilities = {Capability::kBpf, Capability::kPerfmon};
    row.outcome = "POSIX queues cannot be listed: mount one (mount -t mqueue none /dev/mqueue) or use reader bpf";
    row.wanting = row.unread = true;
  } else {
    row.capabilities = {Capability::kSysAdmin};
    row.outcome = "POSIX queues cannot be listed: " + OnOneLine(*facts.listing_error);
    row.wanting = !Holds(facts.held, row.capabilities);
    row.unread = true;
  }
  return row;
}

// What the readers that the policy permits need to read the queue.
Capabilities CapabilitiesFor(const WatchedQueue& queue, const PermissionFacts& facts) {
  Capabilities needed;
  for (const ReaderFacts& reader : facts.readers) {
    if (!Permits(*queue.policy, reader.needs.kind, queue.ref.ipc)) continue;
    needed.insert(reader.needs.to_read.begin(), reader.needs.to_read.end());
  }
  return needed;
}

PermissionRow QueueRow(const QueueState& state, const PermissionFacts& facts) {
  const WatchedQueue& queue = state.queue;
  const Look& look = state.look;
  PermissionRow row{.subject = "queue " + OnOneLine(queue.ref.name),
                    .without_bpf = !Permits(*queue.policy, ReaderKind::kBpf, queue.ref.ipc)};
  if (queue.ref.ipc_namespace.inode != 0 && !queue.ref.ipc_namespace.IsOwn()) {
    row.subject += " of namespace " + queue.ref.ipc_namespace.Label();
  }
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
  if (row.wanting) row.capabilities = CapabilitiesFor(queue, facts);
  return row;
}

MissingCapabilities MissingFor(const std::vector<PermissionRow>& rows) {
  MissingCapabilities missing;
  for (const PermissionRow& row : rows) {
    if (!row.wanting) continue;
    Capabilities& into = row.without_bpf ? missing.strictly : missing.loosely;
    into.insert(row.capabilities.begin(), row.capabilities.end());
  }
  return missing;
}

void WriteTable(const PermissionReport& report, std::ostream& out) {
  std::size_t subject = 0;
  std::size_t capabilities = 0;
  for (const PermissionRow& row : report.rows) {
    subject = std::max(subject, row.subject.size());
    capabilities = std::max(capabilities, ToString(row.capabilities).size());
  }
  const auto line = [&](const std::string& first, const std::string& second, const char* third,
                        const std::string& last) {
    out << std::left << std::setw(static_cast<int>(subject) + 2) << first
        << std::setw(static_cast<int>(capabilities) + 2) << second << std::setw(6) << third << last << '\n';
  };
  line("WHAT", "RIGHT", "HELD", "OUTCOME");
  for (const PermissionRow& row : report.rows) {
    const char* holds = row.capabilities.empty() ? "-" : Holds(report.held, row.capabilities) ? "yes" : "no";
    line(row.subject, ToString(row.capabilities), holds, row.outcome);
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

void WriteGrants(const PermissionReport& report, const std::string& by_hand, std::ostream& out) {
  const Capabilities& missing = report.missing;
  const std::string names = Joined(missing, " ", AsItIs);
  // The unit of the package also forbids bpf(2), which ebpf.conf allows.
  const std::string bpf = missing.contains(Capability::kBpf) ? " and SystemCallFilter=bpf" : "";
  out << (report.all_are_read ? "\nEvery queue is read. To see more of their messages, grant "
                              : "\nTo read every queue, grant ")
      << ToString(missing) << ":\n"
      << "  systemd     [Service] CapabilityBoundingSet=" << names << " and AmbientCapabilities=" << names << bpf
      << '\n'
      << "  Kubernetes  securityContext: {capabilities: {add: [" << Joined(missing, ", ", WithoutPrefix) << "]}}\n"
      << "  by hand     " << by_hand << '\n';
}

}  // namespace

PermissionReport MakePermissionReport(const Round& round, const PermissionFacts& facts) {
  std::vector<PermissionRow> queues;
  bool posix_is_read = true;
  for (const auto& state : round.queues) {
    const PermissionRow& row = queues.emplace_back(QueueRow(*state, facts));
    if (row.unread && state->queue.ref.ipc == Ipc::kPosix) posix_is_read = false;
  }
  PermissionReport report{.rows = {MountRow(facts, posix_is_read)}, .held = facts.held};
  const bool only_other_readers_serve = !queues.empty() && std::ranges::all_of(queues, &PermissionRow::without_bpf);
  const bool bpf_shows_more = !only_other_readers_serve && std::ranges::none_of(queues, &PermissionRow::unread);
  for (const ReaderFacts& reader : facts.readers) {
    PermissionRow& row = report.rows.emplace_back(ReaderRow(reader, facts));
    // Queues that are not read ask for what they need themselves.
    row.wanting = row.wanting && bpf_shows_more;
  }
  std::ranges::move(queues, std::back_inserter(report.rows));
  report.all_are_read = std::ranges::none_of(report.rows, &PermissionRow::unread);
  report.missing = SmallestGrant(MissingFor(report.rows), facts.held, facts.bpf_would_load);
  return report;
}

Capabilities FileCapabilitiesFor(const PermissionReport& report) {
  Capabilities needed = report.held;
  // This one only mounts a file system.
  needed.erase(Capability::kSysAdmin);
  needed.insert(report.missing.begin(), report.missing.end());
  return needed;
}

void Write(const PermissionReport& report, const std::string& by_hand, std::ostream& out) {
  WriteTable(report, out);
  if (!report.missing.empty()) WriteGrants(report, by_hand, out);
}

}  // namespace mqueue::status
