#include "daemon/reader/probe_context.h"

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "daemon/os/posix_queue.h"

namespace mqueue::reader {
namespace {

// A shortage says nothing about what the kernel supports.
bool IsShortage(int code) {
  constexpr int kCodes[] = {ENOSPC, EMFILE, ENFILE, ENOMEM};
  return std::ranges::find(kCodes, code) != std::end(kCodes);
}

}  // namespace

ProbeContext::ProbeContext(const DirectoryResult& directory, const ProbeOptions& options)
    : directory_(directory), options_(options) {
  if (Posix().supported) queue_ = os::ProbeQueue::Make();
}

bool ProbeContext::IsForced(ReaderKind reader) const {
  return std::ranges::find(options_.forced, reader) != options_.forced.end();
}

Support ProbeContext::Posix() const {
  if (!os::KernelHasPosixQueues()) return {.obstacle = "the kernel lacks CONFIG_POSIX_MQUEUE"};
  if (!directory_) return {.obstacle = directory_.error().message};
  return {.supported = true};
}

Support ProbeContext::PosixCall(const std::function<os::Result<void>(const os::UniqueFd& queue)>& check) const {
  if (!queue_) return Posix();
  // Whatever the reason, it says nothing about what the kernel supports.
  if (!*queue_) return {.known = false, .obstacle = queue_->error().message};
  if (const auto checked = check((*queue_)->descriptor()); !checked) {
    return {.known = !IsShortage(checked.error().code), .obstacle = checked.error().message};
  }
  return {.supported = true};
}

}  // namespace mqueue::reader
