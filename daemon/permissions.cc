#include "daemon/permissions.h"

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/plan.h"
#include "daemon/queue/printable_name.h"
#include "daemon/reader/cpu_budget.h"
#include "daemon/rights.h"
#include "daemon/sandbox/privileges.h"
#include "daemon/text/ascii.h"

namespace mqueue {
namespace {

using sandbox::Capabilities;
using sandbox::Capability;

struct Row {
  std::string subject;
  Capabilities rights;
  /// What comes of holding them or not.
  std::string outcome;
  /// Whether holding them would show more.
  bool wanting = false;
  /// Whether a queue that the configuration asks for is not seen, or not seen as well as the kernel allows.
  bool lacking = false;
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

Row ReaderRow(const reader::Support& support, const Capabilities& held) {
  const Capabilities rights = RightsOf(support.reader);
  Row row{.subject = "reader " + std::string(ToString(support.reader)), .rights = rights};
  if (!support.supported) {
    row.outcome = "cannot look: " + OnOneLine(support.obstacle);
    row.wanting = support.reader == ReaderKind::kBpf && !Holds(held, rights);
  } else if (support.reader == ReaderKind::kBpf || Holds(held, rights)) {
    row.outcome = "looks into every queue";
  } else {
    row.outcome = "looks into queues whose mode lets it read";
  }
  return row;
}

Row MountRow(const Host& host, const Capabilities& held) {
  const auto listed =
      host.mqueue_directory ? (*host.mqueue_directory)->List() : std::unexpected(host.mqueue_directory.error());
  if (listed) return {.subject = "mqueue mount", .outcome = "POSIX queues can be listed"};
  Row row{.subject = "mqueue mount", .rights = {Capability::kSysAdmin}};
  row.outcome = "POSIX queues cannot be listed: " + OnOneLine(listed.error().message);
  row.lacking = host.mqueue_directory.has_value();
  row.wanting = row.lacking && !Holds(held, row.rights);
  return row;
}

Row QueueRow(const WatchedQueue& queue, const std::optional<Look>& look) {
  Row row{.subject = "queue " + OnOneLine(queue.ref.name)};
  if (queue.ref.ipc_namespace.inode != 0 && !queue.ref.ipc_namespace.IsOwn()) {
    row.subject += " of namespace " + queue.ref.ipc_namespace.Label();
  }
  const Capabilities others{queue.ref.ipc == Ipc::kPosix ? Capability::kDacReadSearch : Capability::kIpcOwner};
  if (!look || (!*look && look->error().reason == LookErrorReason::kGone)) {
    row.outcome = "was gone before it could be looked at";
  } else if (!*look) {
    row.outcome = "not looked into: " + OnOneLine(look->error().message);
    row.lacking = look->error().reason == LookErrorReason::kPermission;
  } else {
    row.outcome = "looked into by " + std::string(ToString((*look)->reader));
    row.lacking = !(*look)->handed_down.empty();
    if (row.lacking) row.outcome += " only: " + OnOneLine((*look)->handed_down);
  }
  if (row.lacking) row.rights = others;
  row.wanting = row.lacking;
  return row;
}

// What a round would do with all queues at once and all the time it takes.
std::vector<Row> QueueRows(const schedule::Plan& plan) {
  const auto found = plan.discover();
  reader::CpuBudget budget(std::chrono::hours(1));
  const auto looks = plan.ladder->LookAt(found.queues, budget);
  std::vector<Row> rows;
  rows.reserve(found.queues.size());
  for (std::size_t i = 0; i < found.queues.size(); ++i) rows.push_back(QueueRow(found.queues[i], looks[i]));
  return rows;
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

// The kernel's names, Kubernetes' and setcap's.
std::string AsItIs(std::string_view name) { return std::string(name); }
std::string WithoutPrefix(std::string_view name) { return std::string(name.substr(std::string_view("CAP_").size())); }
std::string InLowerCase(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), ToLower);
  return lower;
}

void WriteGrants(const Capabilities& missing, std::ostream& out) {
  const std::string names = Joined(missing, " ", AsItIs);
  out << "\nTo grant " << sandbox::ToString(missing) << ":\n"
      << "  systemd     [Service] CapabilityBoundingSet=" << names << " and AmbientCapabilities=" << names << '\n'
      << "  Kubernetes  securityContext: {capabilities: {add: [" << Joined(missing, ", ", WithoutPrefix) << "]}}\n"
      << "  by hand     setcap " << Joined(missing, ",", InLowerCase) << "=p mqueue_exporter\n";
}

}  // namespace

int CheckPermissions(const settings::Flags& flags, const settings::Settings& settings, std::ostream& out,
                     std::ostream& err) {
  auto privileges = sandbox::Privileges::Begin(RightsFor(settings));
  if (!privileges) {
    err << privileges.error().message << '\n';
    return 2;
  }
  const Host host = FindHost(flags.mqueuefs, flags.procfs, settings);
  if (const auto started = privileges->Started(); !started) {
    err << started.error().message << '\n';
    return 2;
  }
  const Capabilities& held = privileges->held();
  std::vector<Row> rows{MountRow(host, held)};
  for (const reader::Support& support : host.readers) rows.push_back(ReaderRow(support, held));
  for (Row& row : QueueRows(MakePlan(host, settings))) rows.push_back(std::move(row));
  Write(rows, held, out);
  Capabilities missing;
  for (const Row& row : rows) {
    if (row.wanting) missing.insert(row.rights.begin(), row.rights.end());
  }
  if (!missing.empty()) WriteGrants(missing, out);
  return std::ranges::any_of(rows, &Row::lacking) ? 1 : 0;
}

}  // namespace mqueue
