#include "daemon/log/log.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

namespace mqueue::log {
namespace {

class LogTest : public ::testing::Test {
 protected:
  Log MakeLog(Level level, Format format) {
    return {level, format, std::make_shared<spdlog::sinks::ostream_sink_mt>(stream_)};
  }
  // The line without its time, which varies.
  std::string Line() const {
    const std::string text = stream_.str();
    return text.substr(text.find("level"));
  }

  std::ostringstream stream_;
};

TEST_F(LogTest, LogfmtLineHasTimeLevelMessageAndFields) {
  MakeLog(Level::kInfo, Format::kLogfmt).Info("listening", {{"address", "127.0.0.1:9992"}});
  EXPECT_TRUE(stream_.str().starts_with("time=2"));
  EXPECT_EQ(Line(), "level=info msg=\"listening\" address=\"127.0.0.1:9992\"\n");
}

TEST_F(LogTest, JsonLineIsOneObject) {
  MakeLog(Level::kInfo, Format::kJson).Warn("cannot look", {{"queue", "/orders"}});
  EXPECT_TRUE(stream_.str().starts_with("{\"time\":\"2"));
  EXPECT_EQ(Line(), "level\":\"warning\",\"msg\":\"cannot look\",\"queue\":\"/orders\"}\n");
}

TEST_F(LogTest, HostileValueStaysOneValidLine) {
  MakeLog(Level::kInfo, Format::kJson).Info("seen", {{"queue", "/a\n\"b\\\xff\x1b"}});
  EXPECT_EQ(Line(), "level\":\"info\",\"msg\":\"seen\",\"queue\":\"/a\\n\\\"b\\\\x5c\\\\xff\\\\x1b\"}\n");
}

TEST_F(LogTest, BracesInAValueAreNoFormat) {
  MakeLog(Level::kInfo, Format::kLogfmt).Info("seen", {{"queue", "/{}%v{0}"}});
  EXPECT_EQ(Line(), "level=info msg=\"seen\" queue=\"/{}%v{0}\"\n");
}

TEST_F(LogTest, WhatIsBelowTheLevelIsNotWritten) {
  const Log log = MakeLog(Level::kWarn, Format::kLogfmt);
  log.Info("quiet");
  EXPECT_EQ(stream_.str(), "");
  log.Error("loud");
  EXPECT_EQ(Line(), "level=error msg=\"loud\"\n");
}

}  // namespace
}  // namespace mqueue::log
