#ifndef DAEMON_QUEUE_READER_KIND_H_
#define DAEMON_QUEUE_READER_KIND_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/queue/queue_ref.h"

namespace mqueue {

/// The ways of reading a queue.
enum class ReaderKind : std::uint8_t { kSnapshot, kFcntl, kSyscall, kBpf, kAttr, kMsgCopy, kMsgStat };

struct ReaderDescription {
  ReaderKind kind;
  std::string_view name;
  bool serves_posix;
  bool serves_sysv;
};

/// One entry for each ReaderKind, in the order of the enumeration. daemon/reader/catalogue.cc says how each works.
inline constexpr ReaderDescription kReaderDescriptions[] = {
    {ReaderKind::kSnapshot, "snapshot", true, false}, {ReaderKind::kFcntl, "fcntl", true, false},
    {ReaderKind::kSyscall, "syscall", true, false},   {ReaderKind::kBpf, "bpf", true, true},
    {ReaderKind::kAttr, "attr", true, false},         {ReaderKind::kMsgCopy, "msg_copy", false, true},
    {ReaderKind::kMsgStat, "msg_stat", false, true},
};

/// "attr", "msg_copy", …: the name in the configuration and in the `reader` label.
std::string_view ToString(ReaderKind kind);

/// Whether the reader can read queues of that kind.
bool Serves(ReaderKind kind, Ipc ipc);

/// The reader of that name. Returns nullopt if there is none.
std::optional<ReaderKind> ReaderKindFromString(std::string_view name);

}  // namespace mqueue

#endif  // DAEMON_QUEUE_READER_KIND_H_
