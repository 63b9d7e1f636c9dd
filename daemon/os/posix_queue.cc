#include "daemon/os/posix_queue.h"

#include <mqueue.h>
#include <sys/stat.h>

#include <cerrno>

namespace mqueue::os {

Result<PosixAttributes> GetAttributes(const UniqueFd& queue, std::string_view name) {
  mq_attr attributes{};
  if (::mq_getattr(queue.get(), &attributes) != 0) return Failure("mq_getattr", name);
  return PosixAttributes{.messages = static_cast<std::uint64_t>(attributes.mq_curmsgs),
                         .messages_limit = static_cast<std::uint64_t>(attributes.mq_maxmsg),
                         .message_size_limit = static_cast<std::uint64_t>(attributes.mq_msgsize)};
}

Result<PosixStatus> GetStatus(const UniqueFd& queue, std::string_view name) {
  struct stat status{};
  if (::fstat(queue.get(), &status) != 0) return Failure("fstat", name);
  constexpr mode_t kPermissionBits = 0777;
  return PosixStatus{
      .inode = status.st_ino,
      .ownership = {.uid = status.st_uid, .gid = status.st_gid, .mode = status.st_mode & kPermissionBits},
      .last_changed = std::chrono::seconds(status.st_ctim.tv_sec)};
}

bool KernelHasPosixQueues() {
  constexpr mqd_t kNoDescriptor = -1;
  mq_attr attributes{};
  // A kernel with the call looks at the descriptor first and says EBADF.
  return ::mq_getattr(kNoDescriptor, &attributes) == 0 || errno != ENOSYS;
}

}  // namespace mqueue::os
