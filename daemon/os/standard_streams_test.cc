#include "daemon/os/standard_streams.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/os/unique_fd.h"

namespace mqueue::os {
namespace {

// Whether `check` returned true in a child process, which may close what it likes.
bool HoldsInChild(const std::function<bool()>& check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(check() ? 0 : 1);
  int status = -1;
  return ::waitpid(child, &status, 0) == child && status == 0;
}

bool IsNull(int descriptor) {
  struct stat is{};
  struct stat null{};
  return ::fstat(descriptor, &is) == 0 && ::stat("/dev/null", &null) == 0 && is.st_rdev == null.st_rdev &&
         S_ISCHR(is.st_mode);
}

struct Pipe {
  UniqueFd reader, writer;
};

Pipe MakePipe(int flags) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC | flags), 0);
  return {.reader = UniqueFd(ends[0]), .writer = UniqueFd(ends[1])};
}

void Fill(const Pipe& pipe) {
  const int flags = ::fcntl(pipe.writer.get(), F_GETFL);
  ::fcntl(pipe.writer.get(), F_SETFL, flags | O_NONBLOCK);
  const std::string chunk(4096, 'x');
  while (::write(pipe.writer.get(), chunk.data(), chunk.size()) > 0) {
  }
  ::fcntl(pipe.writer.get(), F_SETFL, flags);
}

TEST(OpenStandardStreams, EveryClosedOneBecomesDevNull) {
  for (const std::vector<int>& closed : {std::vector{0}, {1}, {2}, {0, 2}, {0, 1, 2}}) {
    EXPECT_TRUE(HoldsInChild([&closed] {
      for (const int stream : closed) ::close(stream);
      if (!OpenStandardStreams()) return false;
      for (const int stream : closed) {
        if (!IsNull(stream)) return false;
      }
      return ::dup(0) > 2;
    })) << "closed: "
        << closed.size() << " from " << closed.front();
  }
}

TEST(OpenStandardStreams, OpenOnesStayAsTheyAre) {
  EXPECT_TRUE(HoldsInChild([] {
    const Pipe pipe = MakePipe(0);
    return ::dup2(pipe.writer.get(), 2) == 2 && OpenStandardStreams() && !IsNull(2);
  }));
}

TEST(IsWritable, FullPipeIsNotAndBrokenPipeIs) {
  Pipe pipe = MakePipe(0);
  EXPECT_TRUE(IsWritable(pipe.writer.get()));
  Fill(pipe);
  EXPECT_FALSE(IsWritable(pipe.writer.get()));
  pipe.reader = UniqueFd();
  EXPECT_TRUE(IsWritable(pipe.writer.get()));
}

TEST(WriteAll, WaitsForTheReaderOfANonBlockingPipe) {
  const Pipe pipe = MakePipe(O_NONBLOCK);
  const std::string text(1 << 20, 'x');
  std::string got;
  std::thread reader([&] {
    std::array<char, 4096> buffer{};
    while (got.size() < text.size()) {
      const ssize_t size = ::read(pipe.reader.get(), buffer.data(), buffer.size());
      if (size > 0) got.append(buffer.data(), static_cast<std::size_t>(size));
    }
  });
  EXPECT_TRUE(WriteAll(pipe.writer.get(), text));
  reader.join();
  EXPECT_EQ(got, text);
}

TEST(WriteAll, BrokenPipeIsAnError) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe = MakePipe(0);
  pipe.reader = UniqueFd();
  const auto written = WriteAll(pipe.writer.get(), "lost");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, EPIPE);
}

}  // namespace
}  // namespace mqueue::os
