#include "daemon/log/background_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spdlog/details/log_msg.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "daemon/os/unique_fd.h"

namespace mqueue::log {
namespace {

// Long enough for the slowest machine; only a failing test waits this long.
constexpr std::chrono::minutes kLong{2};
// A wait that is to end without success.
constexpr std::chrono::milliseconds kShort{50};

// A sink that writes to the smallest pipe there is.
class BackgroundSinkTest : public ::testing::Test {
 protected:
  BackgroundSinkTest() {
    std::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    reader_ = os::UniqueFd(ends[0]);
    writer_ = os::UniqueFd(ends[1]);
    EXPECT_GT(::fcntl(ends[1], F_SETPIPE_SZ, 4096), 0);
    sink_ = std::make_shared<BackgroundSink>(writer_.get(), Format::kLogfmt);
  }
  ~BackgroundSinkTest() override {
    // Releases a thread that waits for the reader.
    reader_ = os::UniqueFd();
    sink_.reset();
  }

  void Log(const std::string& name) { sink_->log({"", spdlog::level::info, RenderLine(Format::kLogfmt, name, {})}); }
  void FillPipe() {
    ::fcntl(writer_.get(), F_SETFL, O_NONBLOCK);
    const std::string chunk(4096, '\n');
    while (::write(writer_.get(), chunk.data(), chunk.size()) > 0) {
    }
    ::fcntl(writer_.get(), F_SETFL, 0);
  }
  // Closes the pipe's other end and returns all that went into it.
  std::string ReadToEnd() {
    std::string text;
    std::array<char, 4096> buffer{};
    std::thread finish([this] {
      EXPECT_TRUE(sink_->Finish(kLong));
      writer_ = os::UniqueFd();
    });
    ssize_t size = 0;
    while ((size = ::read(reader_.get(), buffer.data(), buffer.size())) > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    finish.join();
    return text;
  }
  static std::size_t CountOf(std::string_view part, std::string_view text) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
    return count;
  }
  static bool Has(const std::string& text, const std::string& name) { return text.contains("msg=\"" + name + "\"\n"); }

  os::UniqueFd reader_, writer_;
  std::shared_ptr<BackgroundSink> sink_;
};

TEST_F(BackgroundSinkTest, LineIsWrittenAtOnceBeforeTheThreadStarts) {
  Log("early");
  std::array<char, 4096> buffer{};
  const ssize_t size = ::read(reader_.get(), buffer.data(), buffer.size());
  ASSERT_GT(size, 0);
  const std::string text(buffer.data(), static_cast<std::size_t>(size));
  EXPECT_TRUE(text.starts_with("time=2"));
  EXPECT_TRUE(text.ends_with(" level=info msg=\"early\"\n"));
}

TEST_F(BackgroundSinkTest, FullPipeDoesNotBlockBeforeTheThreadStartsAndLinesStayInOrder) {
  FillPipe();
  Log("first");
  std::array<char, 4096> buffer{};
  ASSERT_GT(::read(reader_.get(), buffer.data(), buffer.size()), 0);
  Log("second");
  ASSERT_TRUE(sink_->StartThread());
  Log("third");
  const std::string text = ReadToEnd();
  EXPECT_TRUE(Has(text, "first"));
  EXPECT_LT(text.find("first"), text.find("second"));
  EXPECT_LT(text.find("second"), text.find("third"));
  EXPECT_EQ(sink_->Dropped(), 0U);
}

TEST_F(BackgroundSinkTest, LineLongerThanThePipeDoesNotBlockBeforeTheThreadStarts) {
  const std::string name(20'000, 'n');
  Log(name);
  EXPECT_TRUE(Has(ReadToEnd(), name));
}

TEST_F(BackgroundSinkTest, FullPipeDoesNotBlockAndTheOldestLinesAreDroppedCountedAndReported) {
  constexpr std::size_t kLines = 3 * BackgroundSink::kMaxLines;
  FillPipe();
  ASSERT_TRUE(sink_->StartThread());
  for (std::size_t i = 0; i < kLines; ++i) Log(std::to_string(i));
  const std::uint64_t dropped = sink_->Dropped();
  // The thread may hold one line.
  EXPECT_GE(dropped, kLines - BackgroundSink::kMaxLines - 1);
  EXPECT_LE(dropped, kLines - BackgroundSink::kMaxLines);
  const std::string text = ReadToEnd();
  EXPECT_TRUE(Has(text, std::to_string(kLines - 1)));
  // The flush of Finish takes a place in the queue, too.
  EXPECT_LE(sink_->Dropped(), dropped + 1);
  EXPECT_EQ(CountOf("level=info", text) + sink_->Dropped(), kLines);
  EXPECT_TRUE(
      text.contains("level=warning msg=\"log lines dropped\" lines=\"" + std::to_string(sink_->Dropped()) + "\""))
      << text.substr(text.size() - 200);
}

TEST_F(BackgroundSinkTest, LinesThatAreKeptForTheThreadAreBoundedToo) {
  constexpr std::size_t kLines = 2 * BackgroundSink::kMaxLines;
  FillPipe();
  for (std::size_t i = 0; i < kLines; ++i) Log(std::to_string(i));
  EXPECT_EQ(sink_->Dropped(), kLines - BackgroundSink::kMaxLines);
  EXPECT_TRUE(Has(ReadToEnd(), std::to_string(kLines - 1)));
}

TEST_F(BackgroundSinkTest, NothingIsReportedWhenNothingWasDropped) {
  ASSERT_TRUE(sink_->StartThread());
  Log("only");
  EXPECT_FALSE(ReadToEnd().contains("dropped"));
}

TEST_F(BackgroundSinkTest, FinishGivesUpWhenNobodyReads) {
  FillPipe();
  ASSERT_TRUE(sink_->StartThread());
  Log("stuck");
  EXPECT_FALSE(sink_->Finish(kShort));
}

TEST_F(BackgroundSinkTest, FinishGivesUpOnLinesThatWereKeptWithoutAThread) {
  FillPipe();
  Log("stuck");
  EXPECT_FALSE(sink_->Finish(kShort));
}

TEST_F(BackgroundSinkTest, BrokenPipeDropsAndCountsLines) {
  Log("read by nobody");
  reader_ = os::UniqueFd();
  Log("early");
  EXPECT_EQ(sink_->Dropped(), 1U);
  ASSERT_TRUE(sink_->StartThread());
  Log("late");
  EXPECT_TRUE(sink_->Finish(kLong));
  EXPECT_EQ(sink_->Dropped(), 2U);
}

TEST_F(BackgroundSinkTest, ThreadsMayLogAtOnce) {
  ASSERT_TRUE(sink_->StartThread());
  std::thread other([this] {
    for (int i = 0; i < 50; ++i) Log("other" + std::to_string(i));
  });
  for (int i = 0; i < 50; ++i) Log("this" + std::to_string(i));
  other.join();
  const std::string text = ReadToEnd();
  EXPECT_TRUE(Has(text, "other49"));
  EXPECT_TRUE(Has(text, "this49"));
}

}  // namespace
}  // namespace mqueue::log
