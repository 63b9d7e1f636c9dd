#include "daemon/access/file_stamps.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace mqueue::access {
namespace {

TEST(FileStamps, FileThatHasLongBeenAsItIsHasNotChanged) { EXPECT_FALSE(FileStamps({"/bin/sh"}).Changed()); }

TEST(FileStamps, FileThatIsAbsentAndStaysSoHasNotChanged) { EXPECT_FALSE(FileStamps({"/absent"}).Changed()); }

TEST(FileStamps, FileThatComesHasChanged) {
  const std::string path = testing::TempDir() + "/new";
  std::filesystem::remove(path);
  const FileStamps stamps({"/bin/sh", path});
  EXPECT_FALSE(stamps.Changed());
  std::ofstream(path) << "something";
  EXPECT_TRUE(stamps.Changed());
  EXPECT_FALSE(stamps == FileStamps({"/bin/sh", path}));
}

// When the file's inode was changed, by its file system.
FileStamps::TimePoint ChangeOf(const std::string& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return FileStamps::TimePoint(std::chrono::seconds(status.st_ctim.tv_sec) +
                               std::chrono::nanoseconds(status.st_ctim.tv_nsec));
}

TEST(FileStamps, FileThatWasJustWrittenMayChangeUnseen) {
  using std::chrono::milliseconds;
  const std::string path = testing::TempDir() + "/written";
  // A whole second would look like a file system that stores no more.
  do {
    std::ofstream(path) << "something";
  } while (ChangeOf(path).time_since_epoch() % std::chrono::seconds(1) == std::chrono::seconds(0));
  const auto change = ChangeOf(path);
  const auto changed = [&](milliseconds later) { return FileStamps({path}, change + later).Changed(); };
  EXPECT_TRUE(changed(milliseconds(0)));
  EXPECT_TRUE(changed(milliseconds(20)));
  EXPECT_TRUE(changed(milliseconds(-20)));
  EXPECT_FALSE(changed(milliseconds(21)));
  // The clock was set back.
  EXPECT_FALSE(changed(milliseconds(-21)));
  EXPECT_TRUE(FileStamps({path}, change) == FileStamps({path}, change + milliseconds(21)));
  // One such file is enough.
  EXPECT_TRUE(FileStamps({path, "/bin/sh"}, change).Changed());
}

TEST(FileStamps, FilesCanBeAdded) {
  const std::string path = testing::TempDir() + "/added";
  std::filesystem::remove(path);
  FileStamps stamps({"/bin/sh"});
  stamps.Add({path});
  EXPECT_FALSE(stamps.Changed());
  EXPECT_TRUE(stamps == FileStamps({"/bin/sh", path}));
  EXPECT_FALSE(stamps == FileStamps({"/bin/sh"}));
  EXPECT_FALSE(stamps == FileStamps({path, "/bin/sh"}));
  std::ofstream(path) << "something";
  EXPECT_TRUE(stamps.Changed());
}

TEST(FileStamps, FileThatIsReplacedHasChanged) {
  const std::string path = testing::TempDir() + "/replaced";
  std::ofstream(path) << "something";
  std::ofstream(path + ".new") << "something";
  const FileStamps stamps({path}, FileStamps::TimePoint());
  EXPECT_FALSE(stamps.Changed());
  std::filesystem::rename(path + ".new", path);
  EXPECT_TRUE(stamps.Changed());
}

}  // namespace
}  // namespace mqueue::access
