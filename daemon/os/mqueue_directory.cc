#include "daemon/os/mqueue_directory.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace mqueue::os {
namespace {

// MQUEUE_MAGIC in ipc/mqueue.c; no header for user space has it.
constexpr auto kMqueueMagic = 0x19800202;

bool IsQueue(const dirent& entry) { return entry.d_type == DT_REG; }

// Whether the open directory is the root of an mqueue file system, with that device number if one is given.
Result<void> CheckFileSystem(const UniqueFd& fd, const std::string& path, std::optional<std::uint64_t> device) {
  struct statfs file_system{};
  if (::fstatfs(fd.get(), &file_system) != 0) return Failure("fstatfs", path);
  if (file_system.f_type != kMqueueMagic) return Failure("no mqueue file system at", path, EINVAL);
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) return Failure("fstat", path);
  if (!device || status.st_dev == *device) return {};
  return std::unexpected(Error{EXDEV, "the mqueue file system at " + path + " belongs to another IPC namespace"});
}

}  // namespace

MqueueDirectory::MqueueDirectory(Directory directory, Awaited awaited) : state_(std::make_unique<State>()) {
  state_->directory = std::move(directory);
  state_->awaited = std::move(awaited);
}

Result<MqueueDirectory> MqueueDirectory::OpenMounted(const std::string& path, std::optional<std::uint64_t> device) {
  auto directory = Open(path, device);
  if (!directory) return std::unexpected(std::move(directory.error()));
  return MqueueDirectory(*std::move(directory));
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
  auto directory = Adopt(std::move(fd), "detached mqueue file system");
  if (!directory) return std::unexpected(std::move(directory.error()));
  return MqueueDirectory(*std::move(directory));
}

MqueueDirectory MqueueDirectory::Await(Awaited awaited) { return MqueueDirectory(nullptr, std::move(awaited)); }

Result<MqueueDirectory::Directory> MqueueDirectory::Open(const std::string& path, std::optional<std::uint64_t> device) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return Failure("open", path);
  if (auto checked = CheckFileSystem(fd, path, device); !checked) return std::unexpected(std::move(checked.error()));
  return Adopt(std::move(fd), path);
}

Result<MqueueDirectory::Directory> MqueueDirectory::Adopt(UniqueFd fd, const std::string& subject) {
  Directory directory(::fdopendir(fd.get()));
  if (!directory) return Failure("fdopendir", subject);
  fd.release();
  return directory;
}

Result<DIR*> MqueueDirectory::Find() const {
  if (!state_->directory) {
    auto directory = Open(state_->awaited.path, state_->awaited.device);
    if (!directory) return std::unexpected(std::move(directory.error()));
    state_->directory = *std::move(directory);
  }
  return state_->directory.get();
}

Result<std::vector<MqueueDirectory::Entry>> MqueueDirectory::List() const {
  const std::lock_guard lock(state_->mutex);
  const auto directory = Find();
  if (!directory) return std::unexpected(directory.error());
  ::rewinddir(*directory);
  std::vector<Entry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(*directory)) {
    if (IsQueue(*entry)) entries.push_back({.name = entry->d_name, .inode = entry->d_ino});
  }
  if (errno != 0) return Failure("readdir", "mqueue file system");
  return entries;
}

Result<UniqueFd> MqueueDirectory::OpenQueue(const std::string& name) const {
  int directory = -1;
  {
    const std::lock_guard lock(state_->mutex);
    const auto found = Find();
    if (!found) return std::unexpected(found.error());
    directory = ::dirfd(*found);
  }
  UniqueFd fd(::openat(directory, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return Failure("openat", "/" + name);
  return fd;
}

int MqueueDirectory::descriptor() const {
  const std::lock_guard lock(state_->mutex);
  return state_->directory ? ::dirfd(state_->directory.get()) : -1;
}

std::optional<MqueueDirectory::Awaited> MqueueDirectory::awaited() const {
  const std::lock_guard lock(state_->mutex);
  return state_->directory ? std::nullopt : std::optional(state_->awaited);
}

}  // namespace mqueue::os
