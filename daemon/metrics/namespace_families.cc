#include "daemon/metrics/namespace_families.h"

#include <optional>

#include "daemon/metrics/number.h"
#include "daemon/text/printable_name.h"

namespace mqueue::metrics {
namespace {

std::string LabelsOf(const OtherQueues& other) {
  std::string labels;
  AppendLabel("ipc", ToString(other.ipc), labels);
  AppendLabel("ipc_namespace", IpcNamespace{.inode = other.namespace_inode}.Label(), labels);
  return labels;
}

std::string LabelsOf(const NamespaceUsage& usage) {
  std::string labels;
  AppendLabel("ipc", ToString(usage.ipc), labels);
  AppendLabel("ipc_namespace", usage.ipc_namespace.Label(), labels);
  return labels;
}

std::string LabelsOf(const NamespaceResident& resident) {
  std::string labels;
  AppendLabel("ipc_namespace", resident.ipc_namespace.Label(), labels);
  AppendLabel("pid", std::to_string(resident.pid), labels);
  AppendLabel("comm", PrintableName(resident.comm), labels);
  AppendLabel("cgroup", PrintableCgroup(resident.cgroup), labels);
  return labels;
}

struct Family {
  std::string_view name;
  std::string_view help;
};

std::optional<std::uint64_t> ValueOf(std::uint64_t value) { return value; }
std::optional<std::uint64_t> ValueOf(std::optional<std::uint64_t> value) { return value; }

// One gauge of one member; a family without series is not begun.
template <typename Item, typename Member>
void Write(const Family& family, std::span<const Item> items, Member Item::* member, ExpositionWriter& writer) {
  bool begun = false;
  for (const Item& item : items) {
    const std::optional<std::uint64_t> value = ValueOf(item.*member);
    if (!value) continue;
    if (!begun) writer.BeginFamily(family.name, family.help, FamilyType::kGauge);
    begun = true;
    writer.Series(family.name, LabelsOf(item), {}, *value);
  }
}

}  // namespace

void WriteOtherQueues(std::span<const OtherQueues> others, ExpositionWriter& writer) {
  constexpr Family kQueues = {"mqueue_other_queues",
                              "Queues without series of their own, because there are more than limits.max_queues."};
  constexpr Family kMessages = {"mqueue_other_messages",
                                "Messages in the queues that mqueue_other_queues counts, as far as a look worked."};
  constexpr Family kBytes = {
      "mqueue_other_bytes",
      "Payload bytes in the queues that mqueue_other_queues counts. Absent where the reader of one "
      "of them does not know its bytes."};
  Write(kQueues, others, &OtherQueues::queues, writer);
  Write(kMessages, others, &OtherQueues::messages, writer);
  Write(kBytes, others, &OtherQueues::bytes, writer);
}

void WriteNamespaceUsages(std::span<const NamespaceUsage> usages, ExpositionWriter& writer) {
  constexpr Family kQueues = {
      "mqueue_namespace_queues",
      "Queues that exist in the IPC namespace, watched or not (POSIX: names in the mqueue file system; queues that are "
      "unlinked and still open count towards the limit and are not included. SysV: used_ids from msgctl(MSG_INFO))."};
  constexpr Family kLimit = {
      "mqueue_namespace_queues_limit",
      "Queues that the IPC namespace can hold (POSIX: fs.mqueue.queues_max; SysV: kernel.msgmni)."};
  Write(kQueues, usages, &NamespaceUsage::queues, writer);
  Write(kLimit, usages, &NamespaceUsage::queues_limit, writer);
}

void WriteNamespaceResidents(std::span<const NamespaceResident> residents, ExpositionWriter& writer) {
  constexpr Family kInfo = {"mqueue_namespace_info",
                            "A process that lives in the IPC namespace (comm and cgroup from the kernel, or from "
                            "/proc/PID without reader bpf). To be joined; "
                            "always 1."};
  if (residents.empty()) return;
  writer.BeginFamily(kInfo.name, kInfo.help, FamilyType::kGauge);
  for (const NamespaceResident& resident : residents) {
    writer.Series(kInfo.name, LabelsOf(resident), {}, std::uint64_t{1});
  }
}

}  // namespace mqueue::metrics
