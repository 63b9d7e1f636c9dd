#ifndef DAEMON_OS_MQUEUE_DIRECTORY_H_
#define DAEMON_OS_MQUEUE_DIRECTORY_H_

#include <dirent.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
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

  /// What an awaited directory is waiting for.
  struct Awaited {
    /// Where it is to be mounted.
    std::string path;
    /// Its device number (ProbeQueue::Device); absent if any mqueue file system will do.
    std::optional<std::uint64_t> device;
    /// Why there was none at start; once the process is sandboxed the error may only be EACCES.
    std::string reason;
  };

  /// Opens the mqueue file system mounted at `path`. Fails with EINVAL when something else is mounted there, and with
  /// EXDEV when it has another device number than `device`: it is that of another IPC namespace.
  static Result<MqueueDirectory> OpenMounted(const std::string& path, std::optional<std::uint64_t> device = {});

  /// Makes an mqueue file system of the caller's own IPC namespace that appears in no mount table and is gone with this
  /// object. Needs CAP_SYS_ADMIN, only for the length of this call.
  static Result<MqueueDirectory> MountDetached();

  /// A directory that need not be mounted yet. List() and OpenQueue() try to open it, as OpenMounted() does, until one
  /// of them succeeds, and fail until then.
  static MqueueDirectory Await(Awaited awaited);

  /// The names of all queues that exist now. A queue created or unlinked meanwhile may be in or out.
  Result<std::vector<Entry>> List() const;

  /// Opens a queue for reading, which its permissions must allow, so that it can be asked for its attributes. The
  /// caller owns the descriptor and must not keep it: an open descriptor pins a queue that its owner has unlinked.
  /// `name` has no leading slash.
  Result<UniqueFd> OpenQueue(const std::string& name) const;

  /// Of the directory; still owned by this object. -1 while it is awaited.
  int descriptor() const;

  /// What is still waited for; absent once the directory is open.
  std::optional<Awaited> awaited() const;

 private:
  struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };
  using Directory = std::unique_ptr<DIR, CloseDirectory>;

  // In memory of its own, to keep the object movable.
  struct State {
    // A DIR has one position, so one listing at a time.
    std::mutex mutex;
    // Null while it is awaited; not replaced once it is set.
    Directory directory;
    Awaited awaited;
  };

  static Result<Directory> Open(const std::string& path, std::optional<std::uint64_t> device);
  static Result<Directory> Adopt(UniqueFd fd, const std::string& subject);
  explicit MqueueDirectory(Directory directory, Awaited awaited = {});
  // The open directory. `state_->mutex` is held.
  Result<DIR*> Find() const;

  std::unique_ptr<State> state_;
};

}  // namespace mqueue::os

#endif  // DAEMON_OS_MQUEUE_DIRECTORY_H_
