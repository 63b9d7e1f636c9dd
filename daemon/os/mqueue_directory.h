#ifndef DAEMON_OS_MQUEUE_DIRECTORY_H_
#define DAEMON_OS_MQUEUE_DIRECTORY_H_

#include <dirent.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/os/error.h"
#include "daemon/os/unique_fd.h"

namespace mqueue::os {

/// The root of an mqueue file system: every POSIX queue of one IPC namespace is a file in it. The directory is held
/// open; that pins no queue. Thread-safe.
class MqueueDirectory {
 public:
  struct Entry {
    /// The queue's name without its leading slash.
    std::string name;
    std::uint64_t inode = 0;
  };

  /// Opens the mqueue file system mounted at `path`. Fails with EINVAL when something else is mounted there.
  static Result<MqueueDirectory> OpenMounted(const std::string& path);

  /// Makes an mqueue file system of the caller's own IPC namespace that appears in no mount table and is gone with this
  /// object. Needs CAP_SYS_ADMIN, only for the length of this call.
  static Result<MqueueDirectory> MountDetached();

  /// The names of all queues that exist now. A queue created or unlinked meanwhile may be in or out.
  Result<std::vector<Entry>> List() const;

  /// Opens a queue for reading, which its permissions must allow, so that it can be asked for its attributes. The
  /// caller owns the descriptor and must not keep it: an open descriptor pins a queue that its owner has unlinked.
  /// `name` has no leading slash.
  Result<UniqueFd> OpenQueue(const std::string& name) const;

  /// Of the directory; still owned by this object.
  int descriptor() const { return ::dirfd(directory_.get()); }

 private:
  struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };

  static Result<MqueueDirectory> Adopt(UniqueFd fd, const std::string& subject);
  explicit MqueueDirectory(DIR* directory) : directory_(directory), listing_(std::make_unique<std::mutex>()) {}

  std::unique_ptr<DIR, CloseDirectory> directory_;
  // A DIR has one position, so one listing at a time. Behind a pointer to keep the object movable.
  std::unique_ptr<std::mutex> listing_;
};

}  // namespace mqueue::os

#endif  // DAEMON_OS_MQUEUE_DIRECTORY_H_
