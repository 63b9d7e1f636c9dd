#include "daemon/confinement/file_access.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <system_error>

#include "daemon/os/unique_fd.h"

namespace mqueue::confinement {
namespace {

namespace fs = std::filesystem;

// From linux/landlock.h, as newer kernels than Debian 12's have it: the version that is asked for tells how much of
// this the running one knows.
struct RulesetAttributes {
  std::uint64_t handled_access_fs;
  std::uint64_t handled_access_net;
  std::uint64_t scoped;
};
struct [[gnu::packed]] PathBeneath {
  std::uint64_t allowed_access;
  std::int32_t parent_fd;
};
constexpr std::uint32_t kAskVersion = 1;
constexpr int kRulePathBeneath = 1;
constexpr std::uint64_t kReadFile = 1U << 2;
constexpr std::uint64_t kReadDirectory = 1U << 3;
// Executing, writing, and everything that makes or removes: bits 0 to 12.
constexpr std::uint64_t kSinceVersion1 = (1U << 13) - 1;
constexpr std::uint64_t kMoveSinceVersion2 = 1U << 13;
constexpr std::uint64_t kTruncateSinceVersion3 = 1U << 14;
constexpr std::uint64_t kDeviceIoctlSinceVersion5 = 1U << 15;
constexpr std::uint64_t kTcpSinceVersion4 = 3;
constexpr std::uint64_t kSignalSinceVersion6 = 1U << 1;

long CreateRuleset(const RulesetAttributes* attributes, std::size_t size, std::uint32_t flags) {
  return ::syscall(SYS_landlock_create_ruleset, attributes, size, flags);
}

// All that a kernel of that version can deny.
RulesetAttributes Everything(long version) {
  RulesetAttributes all{.handled_access_fs = kSinceVersion1, .handled_access_net = 0, .scoped = 0};
  if (version >= 2) all.handled_access_fs |= kMoveSinceVersion2;
  if (version >= 3) all.handled_access_fs |= kTruncateSinceVersion3;
  if (version >= 4) all.handled_access_net = kTcpSinceVersion4;
  if (version >= 5) all.handled_access_fs |= kDeviceIoctlSinceVersion5;
  if (version >= 6) all.scoped = kSignalSinceVersion6;
  return all;
}

// An older kernel takes the attributes that it has and no more.
std::size_t SizeFor(long version) {
  if (version >= 6) return sizeof(RulesetAttributes);
  return version >= 4 ? offsetof(RulesetAttributes, scoped) : offsetof(RulesetAttributes, handled_access_net);
}

os::Result<void> Allow(const os::UniqueFd& ruleset, int fd, const std::string& name) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return os::Failure("fstat", name);
  const PathBeneath rule{.allowed_access = S_ISDIR(status.st_mode) ? kReadFile | kReadDirectory : kReadFile,
                         .parent_fd = fd};
  if (::syscall(SYS_landlock_add_rule, ruleset.get(), kRulePathBeneath, &rule, 0) == 0) return {};
  return os::Failure("landlock_add_rule", name);
}

os::Result<void> AllowAll(const os::UniqueFd& ruleset, const Readable& readable) {
  for (const std::string& path : readable.paths) {
    const os::UniqueFd fd(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!fd) continue;
    if (auto allowed = Allow(ruleset, fd.get(), path); !allowed) return allowed;
  }
  for (const int directory : readable.directories) {
    if (auto allowed = Allow(ruleset, directory, "a directory that is open"); !allowed) return allowed;
  }
  return {};
}

// The kernel's own limit.
constexpr int kMostLinks = 40;

// Part of the layout of the file system: they do not move, and the exporter needs nothing else of /var and /dev.
bool IsSystemLink(const fs::path& link) {
  return link == "/var/run" || link == "/var/lock" || link.parent_path() == "/dev";
}

// Follows a path as the kernel does, and collects the directories that its links depend on.
class PathWalk {
 public:
  explicit PathWalk(const fs::path& file) {
    Prepend(file);
    while (!left_.empty()) {
      const fs::path name = left_.front();
      left_.pop_front();
      if (name == "..") {
        here_ = here_.parent_path();
      } else if (!name.empty() && name != ".") {
        Enter(name);
      }
    }
    // The file itself may lie in "/".
    Add(here_.parent_path());
  }

  const std::vector<std::string>& directories() const { return directories_; }

 private:
  // The rest of the path begins with `names`. An absolute one starts again at the root.
  void Prepend(const fs::path& names) {
    if (names.is_absolute()) here_ = names.root_path();
    const fs::path relative = names.relative_path();
    left_.insert(left_.begin(), relative.begin(), relative.end());
  }

  void Enter(const fs::path& name) {
    const fs::path next = here_ / name;
    std::error_code error;
    const fs::path target = fs::read_symlink(next, error);
    if (error || links_ == kMostLinks) {
      here_ = next;
      return;
    }
    ++links_;
    if (!IsSystemLink(next)) {
      AddUnlessRoot(here_);
      // For a link to the file itself the constructor adds that directory.
      if (!left_.empty()) AddUnlessRoot(fs::weakly_canonical(next, error).parent_path());
    }
    Prepend(target);
  }

  void AddUnlessRoot(const fs::path& directory) {
    if (directory != directory.root_path()) Add(directory);
  }
  void Add(const fs::path& directory) {
    if (std::ranges::find(directories_, directory.string()) == directories_.end()) directories_.push_back(directory);
  }

  // Without links.
  fs::path here_;
  std::deque<fs::path> left_;
  int links_ = 0;
  std::vector<std::string> directories_;
};

}  // namespace

std::vector<std::string> DirectoriesFor(const std::string& file) {
  std::error_code unknown;
  return PathWalk(fs::absolute(file, unknown)).directories();
}

os::Result<void> ConfineFiles(const Readable& readable) {
  const long version = CreateRuleset(nullptr, 0, kAskVersion);
  // A container's filter that is older than the call says EPERM to it.
  if (version < 0) return os::Failure("landlock_create_ruleset", "version", errno == EPERM ? ENOSYS : errno);
  const RulesetAttributes everything = Everything(version);
  const os::UniqueFd ruleset(static_cast<int>(CreateRuleset(&everything, SizeFor(version), 0)));
  if (!ruleset) return os::Failure("landlock_create_ruleset", "files");
  if (auto allowed = AllowAll(ruleset, readable); !allowed) return allowed;
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
    return os::Failure("landlock_restrict_self", "files");
  return {};
}

}  // namespace mqueue::confinement
