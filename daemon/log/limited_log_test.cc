#include "daemon/log/limited_log.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

namespace mqueue::log {
namespace {

using std::chrono::seconds;

class LimitedLogTest : public ::testing::Test {
 protected:
  void WarnTimes(int times, std::string_view event, std::string_view reason) {
    for (int i = 0; i < times; ++i) log_.Warn(event, reason, {{.key = "queue", .value = std::to_string(i)}});
  }
  // How many lines with `part` were logged since the last call.
  std::size_t Logged(std::string_view part) {
    std::istringstream text(stream_.str());
    stream_.str("");
    std::size_t count = 0;
    for (std::string line; std::getline(text, line);) count += line.contains(part) ? 1 : 0;
    return count;
  }

  std::ostringstream stream_;
  std::chrono::nanoseconds now_ = seconds(1000);
  LimitedLog log_{Log(Level::kInfo, Format::kLogfmt, std::make_shared<spdlog::sinks::ostream_sink_mt>(stream_)),
                  [this] { return now_; }};
};

TEST_F(LimitedLogTest, TenLinesOfAKindAreWrittenPerMinuteAndThenTheirCount) {
  WarnTimes(600, "cannot read", "permission");
  EXPECT_EQ(Logged("msg=\"cannot read\""), 10U);
  now_ += seconds(59);
  log_.WriteCounts();
  EXPECT_EQ(Logged(""), 0U);
  now_ += seconds(1);
  log_.WriteCounts();
  EXPECT_EQ(Logged("level=warning msg=\"similar lines suppressed, more than 10 in a minute\" lines=\"590\" "
                   "event=\"cannot read\" reason=\"permission\""),
            1U);
  WarnTimes(12, "cannot read", "permission");
  EXPECT_EQ(Logged("msg=\"cannot read\""), 10U);
}

TEST_F(LimitedLogTest, NextLineAfterTheMinuteWritesTheCountToo) {
  WarnTimes(11, "cannot read", "permission");
  now_ += seconds(60);
  WarnTimes(1, "cannot read", "permission");
  const std::string text = stream_.str();
  EXPECT_NE(text.find("lines=\"1\""), std::string::npos);
  EXPECT_EQ(Logged("msg=\"cannot read\""), 11U);
}

TEST_F(LimitedLogTest, KindsAreLimitedApart) {
  WarnTimes(11, "cannot read", "permission");
  WarnTimes(11, "cannot read", "descriptors");
  WarnTimes(11, "cannot list", "permission");
  for (int i = 0; i < 11; ++i) log_.Info("cannot read", "permission", {});
  EXPECT_EQ(Logged(""), 40U);
}

TEST_F(LimitedLogTest, TenLinesHaveNoCount) {
  WarnTimes(10, "cannot read", "permission");
  now_ += seconds(60);
  log_.WriteCounts();
  EXPECT_EQ(Logged("suppressed"), 0U);
}

TEST_F(LimitedLogTest, CountHasTheLevelOfItsLines) {
  for (int i = 0; i < 11; ++i) log_.Info("read again", "", {});
  now_ += seconds(60);
  log_.WriteCounts();
  EXPECT_EQ(Logged("level=info msg=\"similar lines suppressed"), 1U);
}

}  // namespace
}  // namespace mqueue::log
