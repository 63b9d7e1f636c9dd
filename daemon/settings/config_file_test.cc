#include "daemon/settings/config_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace mqueue::settings {
namespace {

std::string Written(const std::string& name, const std::string& bytes) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

std::string ErrorOf(const std::string& path) {
  const auto bytes = ReadConfigFile({.path = path, .required = true});
  return bytes ? "no error" : bytes.error();
}

TEST(ReadConfigFile, BytesAreLeftAsTheyAre) {
  const std::string bytes("a\r\n\0\xff", 5);
  const std::string path = Written("bytes.yml", bytes);
  EXPECT_EQ(ReadConfigFile({.path = path}).value(), bytes);
}

TEST(ReadConfigFile, AbsentFileIsEmptyUnlessItIsRequired) {
  EXPECT_EQ(ReadConfigFile({.path = "/nonexistent/a.yml", .required = false}).value(), "");
  EXPECT_EQ(ErrorOf("/nonexistent/a.yml"),
            "/nonexistent/a.yml: cannot be read: No such file or directory; give the path of a readable file");
}

TEST(ReadConfigFile, OnlyRegularFilesAreRead) {
  for (const char* path : {"/", "/dev/zero", "/dev/null"}) {
    EXPECT_EQ(ErrorOf(path), std::string(path) + ": not a regular file; give the path of one");
  }
}

TEST(ReadConfigFile, UnreadableFileSaysWhy) {
  // A regular file whose first byte nobody can read, root neither: no page is mapped at address 0.
  EXPECT_EQ(ErrorOf("/proc/self/mem"),
            "/proc/self/mem: cannot be read: Input/output error; give the path of a readable file");
}

TEST(ReadConfigFile, LinkThatLeadsToItselfSaysSo) {
  const std::string path = testing::TempDir() + "loop.yml";
  std::filesystem::remove(path);
  std::filesystem::create_symlink(path, path);
  EXPECT_EQ(ErrorOf(path),
            path + ": cannot be read: Too many levels of symbolic links; give the path of a readable file");
}

TEST(ReadConfigFile, LargestFileIsReadAndALargerRefused) {
  const std::string largest(kMaxConfigBytes, ' ');
  EXPECT_EQ(ReadConfigFile({.path = Written("largest.yml", largest)}).value().size(), kMaxConfigBytes);
  const std::string path = Written("larger.yml", largest + ' ');
  EXPECT_EQ(ErrorOf(path), path + ": larger than 1048576 bytes; give the path of a configuration file");
}

}  // namespace
}  // namespace mqueue::settings
