#include "daemon/yaml/config_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "daemon/os/unique_fd.h"

namespace mqueue::yaml {
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

// Both ends of a pipe, of which the shell's `<(command)` passes the path of one.
class Pipe {
 public:
  Pipe() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    out_ = os::UniqueFd(ends[0]);
    in_ = os::UniqueFd(ends[1]);
  }

  std::string Path() const { return "/dev/fd/" + std::to_string(out_.get()); }
  void Write(std::string_view text) const {
    EXPECT_EQ(write(in_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void Close() { in_ = os::UniqueFd(); }

 private:
  os::UniqueFd out_;
  os::UniqueFd in_;
};

TEST(ReadConfigFile, PipeIsReadToItsEnd) {
  Pipe pipe;
  std::thread writer([&pipe] {
    for (int i = 0; i < 1000; ++i) pipe.Write(std::string(100, 'a'));
    pipe.Write("b");
    pipe.Close();
  });
  const auto bytes = ReadConfigFile({.path = pipe.Path(), .required = true, .pipe_allowed = true});
  writer.join();
  ASSERT_TRUE(bytes) << bytes.error();
  EXPECT_EQ(*bytes, std::string(100'000, 'a') + 'b');
  EXPECT_TRUE(IsPipe(pipe.Path()));
}

TEST(ReadConfigFile, PipeCannotBeReadAgain) {
  Pipe pipe;
  pipe.Write("a");
  pipe.Close();
  const std::string path = pipe.Path();
  EXPECT_EQ(ErrorOf(path),
            path + ": is a pipe, which cannot be read again; give the path of a regular file and restart");
  EXPECT_TRUE(ReadConfigFile({.path = path, .pipe_allowed = true}));
  const auto again = ReadConfigFile({.path = path, .pipe_allowed = true});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error(),
            path + ": the pipe is empty; run the command that fills it on its own, or give the path of a file");
}

TEST(ReadConfigFile, PipeThatStaysOpenIsGivenUp) {
  const Pipe pipe;
  pipe.Write("a");
  const auto bytes =
      ReadConfigFile({.path = pipe.Path(), .pipe_allowed = true, .pipe_patience = std::chrono::milliseconds(10)});
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error(),
            pipe.Path() + ": the pipe was not closed by its writer within 10 ms; give the path of a file");
}

TEST(ReadConfigFile, FifoThatNobodyWritesIsGivenUp) {
  const std::string path = testing::TempDir() + "fifo.yml";
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_FALSE(ReadConfigFile({.path = path, .pipe_allowed = true, .pipe_patience = std::chrono::milliseconds(10)}));
}

TEST(ReadConfigFile, EndlessPipeIsRefused) {
  Pipe pipe;
  std::thread writer([&pipe] {
    pipe.Write(std::string(kMaxConfigBytes + 1, 'a'));
    pipe.Close();
  });
  const auto bytes = ReadConfigFile({.path = pipe.Path(), .pipe_allowed = true});
  // The rest fits into the pipe.
  writer.join();
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error(), pipe.Path() + ": larger than 1048576 bytes; write a shorter one");
}

TEST(ReadConfigFile, RegularFileIsNoPipe) { EXPECT_FALSE(IsPipe(Written("regular.yml", "a"))); }

TEST(ReadConfigFile, LargestFileIsReadAndALargerRefused) {
  const std::string largest(kMaxConfigBytes, ' ');
  EXPECT_EQ(ReadConfigFile({.path = Written("largest.yml", largest)}).value().size(), kMaxConfigBytes);
  const std::string path = Written("larger.yml", largest + ' ');
  EXPECT_EQ(ErrorOf(path), path + ": larger than 1048576 bytes; write a shorter one");
}

}  // namespace
}  // namespace mqueue::yaml
