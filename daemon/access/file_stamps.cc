#include "daemon/access/file_stamps.h"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace mqueue::access {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;
// File systems take the time from the kernel's tick, which comes every 10 ms or more often; some keep whole seconds.
constexpr std::int64_t kTick = kNanoseconds / 50;
constexpr std::int64_t kSeconds = 2 * kNanoseconds;

std::int64_t ToNanoseconds(const timespec& time) { return time.tv_sec * kNanoseconds + time.tv_nsec; }

}  // namespace

FileStamps::FileStamps(std::vector<std::string> paths, TimePoint now)
    : paths_(std::move(paths)),
      stamps_(LookAtAll()),
      settled_(std::ranges::all_of(stamps_, [now](const Stamp& stamp) { return IsSettled(stamp, now); })) {}

bool FileStamps::Changed() const { return !settled_ || LookAtAll() != stamps_; }

bool FileStamps::IsSettled(const Stamp& stamp, TimePoint now) {
  const std::int64_t now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
  return stamp.changed_ns < now_ns - (stamp.changed_ns % kNanoseconds == 0 ? kSeconds : kTick);
}

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
