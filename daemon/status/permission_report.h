#ifndef DAEMON_STATUS_PERMISSION_REPORT_H_
#define DAEMON_STATUS_PERMISSION_REPORT_H_

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "daemon/confinement/capability.h"
#include "daemon/confinement/reader_needs.h"
#include "daemon/queue/round.h"

namespace mqueue::status {

/// What the report says of one reader.
struct ReaderFacts {
  confinement::ReaderNeeds needs;
  bool supported = false;
  /// Why it is not supported; empty if it is.
  std::string obstacle;
};

/// What the report needs to know beside the round.
struct PermissionFacts {
  /// The capabilities that the process was started with.
  confinement::Capabilities held;
  /// In the order of the report.
  std::vector<ReaderFacts> readers;
  bool kernel_has_posix_queues = true;
  /// Whether the exporter waits for an mqueue file system to be mounted.
  bool awaits_mount = false;
  /// Why POSIX queues cannot be listed in an mqueue file system; absent if they can.
  std::optional<std::string> listing_error;
  /// Whether nothing but CAP_BPF and CAP_PERFMON keeps the BPF programs from being loaded, as far as can be told.
  bool bpf_would_load = false;
};

/// One line of the table.
struct PermissionRow {
  std::string subject;
  confinement::Capabilities capabilities;
  std::string outcome;
  /// Whether more would be seen with `capabilities`.
  bool wanting = false;
  /// Whether a queue that the configuration asks for is not read, or queues cannot be listed.
  bool unread = false;
  /// Whether reader bpf cannot do what is missing, because another reader is forced.
  bool without_bpf = false;
};

struct PermissionReport {
  /// The mqueue file system, the readers and the queues, in this order.
  std::vector<PermissionRow> rows;
  confinement::Capabilities held;
  /// The smallest set of capabilities that would make more queues readable, or more of them; empty if none would.
  confinement::Capabilities missing;
  /// Whether some reader read every queue.
  bool all_are_read = false;
};

/// What a process with these facts sees and does not see of the queues of `round`, and why.
PermissionReport MakePermissionReport(const Round& round, const PermissionFacts& facts);

/// The capabilities that the program's file must have so that those of `report` are granted. A program whose file has
/// capabilities gets no ambient ones, so what it has without the file is in it too.
confinement::Capabilities FileCapabilitiesFor(const PermissionReport& report);

/// Writes the table and, if capabilities are missing, how to grant them. `by_hand` is the command that grants
/// FileCapabilitiesFor(report) to the program's file.
void Write(const PermissionReport& report, const std::string& by_hand, std::ostream& out);

}  // namespace mqueue::status

#endif  // DAEMON_STATUS_PERMISSION_REPORT_H_
