#include "daemon/access/file_stamps.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace mqueue::access {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;
// File systems take the time from the kernel's tick, which is 10 ms or shorter. Some store whole seconds.
constexpr std::int64_t kTick = kNanoseconds / 50;
constexpr std::int64_t kSeconds = 2 * kNanoseconds;

std::int64_t ToNanoseconds(const timespec& time) { return time.tv_sec * kNanoseconds + time.tv_nsec; }

}  // namespace

FileStamps::FileStamps(const std::vector<std::string>& paths, TimePoint now) { Add(paths, now); }

void FileStamps::Add(const std::vector<std::string>& paths, TimePoint now) {
  for (const std::string& path : paths) {
    const Stamp stamp = StampOf(path);
    settled_ = settled_ && IsSettled(stamp, now);
    paths_.push_back(path);
    stamps_.push_back(stamp);
  }
}

bool FileStamps::Changed() const { return !settled_ || !std::ranges::equal(paths_, stamps_, {}, StampOf); }

bool FileStamps::IsSettled(const Stamp& stamp, TimePoint now) {
  const std::int64_t now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
  const std::int64_t granularity = stamp.changed_ns % kNanoseconds == 0 ? kSeconds : kTick;
  // A time in the future, which a clock that was set back leaves, differs from the time of the next change as well.
  return std::abs(now_ns - stamp.changed_ns) > granularity;
}

FileStamps::Stamp FileStamps::StampOf(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return {};
  // Not the time of modification: the file's owner can set that one.
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = status.st_size,
          .changed_ns = ToNanoseconds(status.st_ctim)};
}

}  // namespace mqueue::access
