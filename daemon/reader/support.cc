#include "daemon/reader/support.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "daemon/os/posix_queue.h"
#include "daemon/os/sysv_queue.h"
#include "daemon/reader/attr_reader.h"
#include "daemon/reader/bpf_reader.h"
#include "daemon/reader/fcntl_reader.h"
#include "daemon/reader/msg_copy_reader.h"
#include "daemon/reader/msg_stat_reader.h"
#include "daemon/reader/peek_support.h"
#include "daemon/reader/snapshot_reader.h"
#include "daemon/reader/syscall_reader.h"

namespace mqueue::reader {
namespace {

Support Supported(ReaderKind reader) { return {.reader = reader, .supported = true}; }

Support Unsupported(ReaderKind reader, std::string obstacle) {
  return {.reader = reader, .obstacle = std::move(obstacle)};
}

// What every reader of POSIX queues needs; nothing when it is there.
std::optional<std::string> PosixObstacle(const DirectoryResult& directory) {
  if (!os::KernelHasPosixQueues()) return "the kernel lacks CONFIG_POSIX_MQUEUE";
  if (!directory) return directory.error().message;
  return std::nullopt;
}

Support ProbeBpf(const WalkerResult& walker) {
  if (!walker) return Unsupported(ReaderKind::kBpf, walker.error().message);
  return Supported(ReaderKind::kBpf);
}

std::vector<Support> ProbePosix(const DirectoryResult& directory, const ProbeOptions& options) {
  if (const auto obstacle = PosixObstacle(directory)) {
    return {Unsupported(ReaderKind::kSnapshot, *obstacle), Unsupported(ReaderKind::kFcntl, *obstacle),
            Unsupported(ReaderKind::kSyscall, *obstacle), ProbeBpf(options.walker),
            Unsupported(ReaderKind::kAttr, *obstacle)};
  }
  auto support = ProbePeeks(options);
  support.push_back(ProbeBpf(options.walker));
  support.push_back(Supported(ReaderKind::kAttr));
  return support;
}

Support ProbeMsgStat() {
  if (const auto info = os::GetSysvInfo(); !info) return Unsupported(ReaderKind::kMsgStat, info.error().message);
  return Supported(ReaderKind::kMsgStat);
}

Support ProbeMsgCopy() {
  if (os::KernelHasMessageCopy()) return Supported(ReaderKind::kMsgCopy);
  return Unsupported(ReaderKind::kMsgCopy, "the kernel lacks CONFIG_CHECKPOINT_RESTORE");
}

}  // namespace

std::vector<Support> ProbeReaders(const DirectoryResult& directory, const ProbeOptions& options) {
  auto support = ProbePosix(directory, options);
  support.push_back(ProbeMsgCopy());
  support.push_back(ProbeMsgStat());
  return support;
}

bool IsSupported(const std::vector<Support>& support, ReaderKind reader) {
  return std::ranges::any_of(support, [reader](const Support& s) { return s.reader == reader && s.supported; });
}

std::vector<std::unique_ptr<Reader>> MakeReaders(const std::vector<Support>& support, const DirectoryResult& directory,
                                                 const ReaderOptions& options, const Clock& clock) {
  const auto serves = [&](ReaderKind kind) { return IsSupported(support, kind); };
  std::vector<std::unique_ptr<Reader>> readers;
  if (serves(ReaderKind::kSnapshot)) readers.push_back(std::make_unique<SnapshotReader>(*directory, clock));
  if (serves(ReaderKind::kFcntl)) {
    readers.push_back(std::make_unique<FcntlReader>(*directory, options.fcntl_max_messages, options.digest, clock));
  }
  if (serves(ReaderKind::kSyscall)) {
    readers.push_back(std::make_unique<SyscallReader>(*directory, options.syscall_max_messages, options.digest, clock));
  }
  if (serves(ReaderKind::kBpf)) readers.push_back(std::make_unique<BpfReader>());
  if (serves(ReaderKind::kAttr)) readers.push_back(std::make_unique<AttrReader>(*directory, clock));
  if (serves(ReaderKind::kMsgCopy)) {
    readers.push_back(std::make_unique<MsgCopyReader>(options.msg_copy_max_messages, options.digest, clock));
  }
  if (serves(ReaderKind::kMsgStat)) readers.push_back(std::make_unique<MsgStatReader>(clock));
  return readers;
}

}  // namespace mqueue::reader
