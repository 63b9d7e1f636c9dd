#ifndef DAEMON_ACCESS_FILE_STAMPS_H_
#define DAEMON_ACCESS_FILE_STAMPS_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace mqueue::access {

/// Detects changes of a few files. Costs one stat(2) per file. Symbolic links are followed.
class FileStamps {
 public:
  using TimePoint = std::chrono::system_clock::time_point;

  FileStamps() = default;
  /// Stamps the files. Call it before reading them, so that a change in between is detected.
  explicit FileStamps(const std::vector<std::string>& paths, TimePoint now = std::chrono::system_clock::now());

  /// Stamps more files.
  void Add(const std::vector<std::string>& paths, TimePoint now = std::chrono::system_clock::now());

  /// Whether a file has been written, replaced, created or removed since it was stamped. Also true if a file had just
  /// been changed when it was stamped: another change at that moment would have left the same stamp.
  bool Changed() const;

  /// Whether both have the same stamps of the same files.
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
  static Stamp StampOf(const std::string& path);

  std::vector<std::string> paths_;
  std::vector<Stamp> stamps_;
  // Whether the next change of any file gets a different time than its stamp has.
  bool settled_ = true;
};

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_FILE_STAMPS_H_
