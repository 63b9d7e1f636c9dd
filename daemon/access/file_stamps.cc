#include "daemon/access/file_stamps.h"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace mqueue::access {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;
// File systems take the time from the kernel's tick, of 10 ms at most; some keep whole seconds.
constexpr std::int64_t kSettling = 2 * kNanoseconds;

std::int64_t ToNanoseconds(const timespec& time) { return time.tv_sec * kNanoseconds + time.tv_nsec; }

}  // namespace

FileStamps::FileStamps(std::vector<std::string> paths) : paths_(std::move(paths)), stamps_(LookAtAll()) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  settled_ = std::ranges::all_of(stamps_,
                                 [&](const Stamp& stamp) { return stamp.changed_ns < ToNanoseconds(now) - kSettling; });
}

bool FileStamps::Changed() const { return !settled_ || LookAtAll() != stamps_; }

FileStamps::Stamp FileStamps::Look(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return {};
  // The time of change and not that of modification, which anybody may set.
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = status.st_size,
          .changed_ns = ToNanoseconds(status.st_ctim)};
}

std::vector<FileStamps::Stamp> FileStamps::LookAtAll() const {
  std::vector<Stamp> stamps;
  std::ranges::transform(paths_, std::back_inserter(stamps), Look);
  return stamps;
}

}  // namespace mqueue::access
