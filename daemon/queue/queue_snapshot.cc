#include "daemon/queue/queue_snapshot.h"

namespace mqueue {

std::string_view ToString(ReaderKind kind) {
  switch (kind) {
    case ReaderKind::kSnapshot:
      return "snapshot";
    case ReaderKind::kFcntl:
      return "fcntl";
    case ReaderKind::kSyscall:
      return "syscall";
    case ReaderKind::kBpf:
      return "bpf";
    case ReaderKind::kAttr:
      return "attr";
    case ReaderKind::kMsgCopy:
      return "msg_copy";
    case ReaderKind::kMsgStat:
      return "msg_stat";
  }
  __builtin_unreachable();
}

bool Serves(ReaderKind kind, Ipc ipc) {
  if (kind == ReaderKind::kBpf) return true;
  const bool reads_sysv = kind == ReaderKind::kMsgCopy || kind == ReaderKind::kMsgStat;
  return reads_sysv == (ipc == Ipc::kSysv);
}

std::optional<ReaderKind> ReaderKindFromString(std::string_view name) {
  for (const ReaderKind kind : kReaderKinds) {
    if (ToString(kind) == name) return kind;
  }
  return std::nullopt;
}

}  // namespace mqueue
