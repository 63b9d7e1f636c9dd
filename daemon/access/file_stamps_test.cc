#include "daemon/access/file_stamps.h"

#include <gtest/gtest.h>

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

TEST(FileStamps, FileThatWasJustWrittenMayChangeUnseen) {
  const std::string path = testing::TempDir() + "/written";
  std::ofstream(path) << "something";
  const auto now = std::chrono::system_clock::now();
  const FileStamps at_once({path}, now - std::chrono::hours(1));
  EXPECT_TRUE(at_once.Changed());
  const FileStamps later({path}, now + std::chrono::hours(1));
  EXPECT_FALSE(later.Changed());
  EXPECT_TRUE(at_once == later);
}

}  // namespace
}  // namespace mqueue::access
