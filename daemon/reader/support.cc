#include "daemon/reader/support.h"

#include <algorithm>

#include "daemon/os/posix_queue.h"
#include "daemon/os/sysv_queue.h"
#include "daemon/reader/attr_reader.h"
#include "daemon/reader/msg_copy_reader.h"
#include "daemon/reader/msg_stat_reader.h"

namespace mqueue::reader {
namespace {

Support ProbeAttr(const DirectoryResult& directory) {
  if (!os::KernelHasPosixQueues()) return {ReaderKind::kAttr, false, "the kernel lacks CONFIG_POSIX_MQUEUE"};
  if (!directory) return {ReaderKind::kAttr, false, directory.error().message};
  return {ReaderKind::kAttr, true, ""};
}

Support ProbeMsgStat() {
  if (const auto info = os::GetSysvInfo(); !info) return {ReaderKind::kMsgStat, false, info.error().message};
  return {ReaderKind::kMsgStat, true, ""};
}

Support ProbeMsgCopy() {
  if (!os::KernelHasMessageCopy()) return {ReaderKind::kMsgCopy, false, "the kernel lacks CONFIG_CHECKPOINT_RESTORE"};
  return {ReaderKind::kMsgCopy, true, ""};
}

}  // namespace

std::vector<Support> ProbeReaders(const DirectoryResult& directory) {
  return {ProbeAttr(directory), ProbeMsgCopy(), ProbeMsgStat()};
}

std::vector<std::unique_ptr<Reader>> MakeReaders(const std::vector<Support>& support, const DirectoryResult& directory,
                                                 const ReaderOptions& options, const Clock& clock) {
  const auto serves = [&](ReaderKind kind) {
    return std::ranges::any_of(support, [kind](const Support& s) { return s.reader == kind && s.supported; });
  };
  std::vector<std::unique_ptr<Reader>> readers;
  if (serves(ReaderKind::kAttr)) readers.push_back(std::make_unique<AttrReader>(*directory, clock));
  if (serves(ReaderKind::kMsgCopy)) {
    readers.push_back(std::make_unique<MsgCopyReader>(options.msg_copy_max_messages, clock));
  }
  if (serves(ReaderKind::kMsgStat)) readers.push_back(std::make_unique<MsgStatReader>(clock));
  return readers;
}

}  // namespace mqueue::reader
