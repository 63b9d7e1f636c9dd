#include "daemon/reader/peek_support.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "daemon/os/kernel_names.h"
#include "daemon/os/posix_peek.h"
#include "daemon/os/probe_queue.h"
#include "daemon/reader/peek_probe.h"

namespace mqueue::reader {
namespace {

constexpr char kSubject[] = "probing";

// What is in short supply says nothing of what the kernel can.
bool IsWantOfRoom(int code) {
  constexpr int kCodes[] = {ENOSPC, EMFILE, ENFILE, ENOMEM};
  return std::ranges::find(kCodes, code) != std::end(kCodes);
}

Support ToSupport(ReaderKind reader, const os::Result<void>& checked) {
  if (checked) return {.reader = reader, .supported = true};
  return {.reader = reader, .known = !IsWantOfRoom(checked.error().code), .obstacle = checked.error().message};
}

Support ProbeSnapshot(const os::UniqueFd& queue) {
  return ToSupport(ReaderKind::kSnapshot, CheckSnapshot([&](std::uint32_t below, std::span<mq_snapshot_entry> room) {
                     return os::TakeSnapshot(queue, below, room, kSubject);
                   }));
}

Support ProbePeek(ReaderKind reader, os::Peek& peek, const os::UniqueFd& queue) {
  return ToSupport(reader, CheckPeek([&](std::uint64_t index, os::PeekBuffer& buffer) {
                     return peek(queue, index, buffer, kSubject);
                   }));
}

Support ProbeSyscall(const os::UniqueFd& queue, const ProbeOptions& options) {
  const bool forced = std::ranges::find(options.forced, ReaderKind::kSyscall) != options.forced.end();
  if (!forced && !os::KernelNamesSyscall("mq_timedreceive2", options.kernel_functions)) {
    return {.reader = ReaderKind::kSyscall, .obstacle = "the kernel does not name mq_timedreceive2"};
  }
  return ProbePeek(ReaderKind::kSyscall, os::PeekBySyscall, queue);
}

}  // namespace

std::vector<Support> ProbePeeks(const ProbeOptions& options) {
  const auto queue = os::ProbeQueue::Make();
  // Whatever the reason, it says nothing of what the kernel can.
  if (!queue) {
    const auto unknown = [&](ReaderKind reader) {
      return Support{.reader = reader, .known = false, .obstacle = queue.error().message};
    };
    return {unknown(ReaderKind::kSnapshot), unknown(ReaderKind::kFcntl), unknown(ReaderKind::kSyscall)};
  }
  const os::UniqueFd& descriptor = queue->descriptor();
  return {ProbeSnapshot(descriptor), ProbePeek(ReaderKind::kFcntl, os::PeekByFcntl, descriptor),
          ProbeSyscall(descriptor, options)};
}

}  // namespace mqueue::reader
