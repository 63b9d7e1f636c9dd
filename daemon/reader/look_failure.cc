#include "daemon/reader/look_failure.h"

#include <cerrno>
#include <string_view>

namespace mqueue::reader {
namespace {

struct Explanation {
  int code;
  LookErrorReason reason;
  std::string_view advice;
};

constexpr Explanation kExplanations[] = {
    {EACCES, LookErrorReason::kPermission,
     "; run as a user whom the queue's mode lets read, or grant CAP_DAC_READ_SEARCH (POSIX) or "
     "CAP_IPC_OWNER (SysV)"},
    {EPERM, LookErrorReason::kPermission, "; the call is not allowed to this process"},
    {ENOENT, LookErrorReason::kGone, ""},
    {EIDRM, LookErrorReason::kGone, ""},
    {EMFILE, LookErrorReason::kDescriptors, "; raise this process's limit of open files"},
    {ENFILE, LookErrorReason::kDescriptors, "; raise fs.file-max"},
    {ENOMEM, LookErrorReason::kMemory, ""},
    {ENOSYS, LookErrorReason::kUnsupported, "; the running kernel does not have this call"},
    {ENOTTY, LookErrorReason::kUnsupported, "; the running kernel does not have this ioctl"},
    {EINVAL, LookErrorReason::kUnsupported, "; the running kernel does not have this command"},
};

}  // namespace

std::unexpected<LookError> LookFailure(const os::Error& error) {
  for (const Explanation& explanation : kExplanations) {
    if (explanation.code != error.code) continue;
    return std::unexpected(LookError{explanation.reason, error.message + std::string(explanation.advice)});
  }
  return std::unexpected(LookError{LookErrorReason::kOther, error.message});
}

std::unexpected<LookError> QueueIsGone(const QueueRef& queue) {
  return std::unexpected(LookError{LookErrorReason::kGone, queue.name + " was removed or re-created meanwhile"});
}

}  // namespace mqueue::reader
