#include "daemon/os/proc.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string_view>

namespace mqueue::os {
namespace {

bool IsOctal(char c) { return c >= '0' && c <= '7'; }

// mountinfo writes space, tab, newline and backslash as \ooo.
std::string Unescape(std::string_view field) {
  std::string plain;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const bool escape = field[i] == '\\' && i + 3 < field.size() && std::all_of(&field[i + 1], &field[i + 4], IsOctal);
    if (!escape) {
      plain += field[i];
      continue;
    }
    plain += static_cast<char>((field[i + 1] - '0') * 64 + (field[i + 2] - '0') * 8 + (field[i + 3] - '0'));
    i += 3;
  }
  return plain;
}

// The mount point of a mountinfo line when its file system is mqueue and what is mounted is its root.
std::optional<std::string> MqueueMountPoint(const std::string& line) {
  std::istringstream fields(line);
  std::string id, parent, device, root, mount_point, word, type;
  fields >> id >> parent >> device >> root >> mount_point;
  while (fields >> word && word != "-") {
  }
  fields >> type;
  if (type != "mqueue" || root != "/") return std::nullopt;
  return Unescape(mount_point);
}

// In a cgroup namespace, a group outside of its root begins with one "/.." per level that it is above.
std::string BelowNamespaceRoots(std::string_view path) {
  constexpr std::string_view kUp = "/..";
  while (path.starts_with(kUp) && (path.size() == kUp.size() || path[kUp.size()] == '/'))
    path.remove_prefix(kUp.size());
  return path.empty() ? "/" : std::string(path);
}

}  // namespace

Result<void> RequireProcfs(const std::string& procfs) {
  struct statfs file_system{};
  if (::statfs(procfs.c_str(), &file_system) != 0) return Failure("statfs", procfs);
  if (file_system.f_type == PROC_SUPER_MAGIC) return {};
  return std::unexpected(
      Error{EINVAL, "no proc file system at " + procfs + "; mount one there: mount -t proc proc " + procfs});
}

Result<IpcNamespace> OwnIpcNamespace(const std::string& procfs) {
  const std::string path = procfs + "/self/ns/ipc";
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return Failure("stat", path);
  return IpcNamespace{.inode = status.st_ino};
}

Result<std::vector<std::string>> MqueueMountPoints(const std::string& procfs) {
  const std::string path = procfs + "/self/mountinfo";
  std::ifstream mounts(path);
  if (!mounts) return Failure("open", path);
  std::vector<std::string> points;
  for (std::string line; std::getline(mounts, line);) {
    if (auto point = MqueueMountPoint(line)) points.push_back(*std::move(point));
  }
  return points;
}

std::string CgroupOf(const std::string& procfs, std::int32_t pid) {
  std::ifstream groups(procfs + "/" + std::to_string(pid) + "/cgroup");
  std::string longest;
  // Lines are "hierarchy:controllers:path"; the path may have colons.
  for (std::string line; std::getline(groups, line);) {
    const auto controllers = line.find(':');
    const auto path = line.find(':', controllers + 1);
    if (controllers == std::string::npos || path == std::string::npos) continue;
    const std::string group = BelowNamespaceRoots(line.substr(path + 1));
    if (group.size() > longest.size()) longest = group;
  }
  return longest;
}

std::optional<std::uint64_t> ReadNumber(const std::string& path) {
  std::ifstream file(path);
  std::uint64_t number = 0;
  if (!(file >> number)) return std::nullopt;
  return number;
}

}  // namespace mqueue::os
