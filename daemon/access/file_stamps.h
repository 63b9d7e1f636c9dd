#ifndef DAEMON_ACCESS_FILE_STAMPS_H_
#define DAEMON_ACCESS_FILE_STAMPS_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace mqueue::access {

/// Tells when one of a few files is another than it was. Costs a stat(2) a file.
class FileStamps {
 public:
  using TimePoint = std::chrono::system_clock::time_point;

  /// Looks at the files as they are `now`. To be made before they are read, so that a change in between is seen.
  explicit FileStamps(std::vector<std::string> paths, TimePoint now = std::chrono::system_clock::now());

  /// Whether one has been written, replaced, made or removed since; also true for a moment after a change, in which
  /// another would leave no trace.
  bool Changed() const;

  /// Whether both saw the same.
  bool operator==(const FileStamps& other) const { return paths_ == other.paths_ && stamps_ == other.stamps_; }

 private:
  struct Stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = -1;
    std::int64_t changed_ns = 0;

    bool operator==(const Stamp&) const = default;
  };
  static bool IsSettled(const Stamp& stamp, TimePoint now);
  static Stamp Look(const std::string& path);
  std::vector<Stamp> LookAtAll() const;

  std::vector<std::string> paths_;
  std::vector<Stamp> stamps_;
  // Whether each change before the stamps was so long ago that the next one has another time.
  bool settled_;
};

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_FILE_STAMPS_H_
