#include "daemon/queue/queue_snapshot.h"

namespace mqueue {

std::string_view ToString(ReaderKind kind) {
  switch (kind) {
    case ReaderKind::kAttr:
      return "attr";
    case ReaderKind::kMsgCopy:
      return "msg_copy";
    case ReaderKind::kMsgStat:
      return "msg_stat";
  }
  __builtin_unreachable();
}

bool Serves(ReaderKind kind, Ipc ipc) { return (kind == ReaderKind::kAttr) == (ipc == Ipc::kPosix); }

std::optional<ReaderKind> ReaderKindFromString(std::string_view name) {
  for (const ReaderKind kind : kReaderKinds) {
    if (ToString(kind) == name) return kind;
  }
  return std::nullopt;
}

}  // namespace mqueue
