#include "daemon/os/mqueue_directory.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace mqueue::os {
namespace {

// MQUEUE_MAGIC in ipc/mqueue.c; no header for user space has it.
constexpr auto kMqueueMagic = 0x19800202;

bool IsQueue(const dirent& entry) { return entry.d_type == DT_REG; }

}  // namespace

Result<MqueueDirectory> MqueueDirectory::OpenMounted(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return Failure("open", path);
  struct statfs status{};
  if (::fstatfs(fd.get(), &status) != 0) return Failure("fstatfs", path);
  if (status.f_type != kMqueueMagic) return Failure("no mqueue file system at", path, EINVAL);
  return Adopt(std::move(fd), path);
}

Result<MqueueDirectory> MqueueDirectory::MountDetached() {
  const UniqueFd context(::fsopen("mqueue", FSOPEN_CLOEXEC));
  if (!context) return Failure("fsopen", "mqueue");
  if (::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) return Failure("fsconfig", "mqueue");
  const UniqueFd mount(
      ::fsmount(context.get(), FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC));
  if (!mount) return Failure("fsmount", "mqueue");
  // fsmount's own descriptor is an O_PATH one; names are read through a real one.
  UniqueFd fd(::openat(mount.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return Failure("openat", "detached mqueue file system");
  return Adopt(std::move(fd), "detached mqueue file system");
}

Result<MqueueDirectory> MqueueDirectory::Adopt(UniqueFd fd, const std::string& subject) {
  DIR* directory = ::fdopendir(fd.get());
  if (directory == nullptr) return Failure("fdopendir", subject);
  fd.release();
  return MqueueDirectory(directory);
}

Result<std::vector<MqueueDirectory::Entry>> MqueueDirectory::List() const {
  const std::lock_guard lock(*listing_);
  ::rewinddir(directory_.get());
  std::vector<Entry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(directory_.get())) {
    if (IsQueue(*entry)) entries.push_back({.name = entry->d_name, .inode = entry->d_ino});
  }
  if (errno != 0) return Failure("readdir", "mqueue file system");
  return entries;
}

Result<UniqueFd> MqueueDirectory::OpenQueue(const std::string& name) const {
  UniqueFd fd(::openat(::dirfd(directory_.get()), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return Failure("openat", "/" + name);
  return fd;
}

}  // namespace mqueue::os
