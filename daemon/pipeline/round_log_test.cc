#include "daemon/pipeline/round_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <memory>
#include <sstream>
#include <string>

namespace mqueue::pipeline {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RoundLogTest : public ::testing::Test {
 protected:
  // What was written since the last call.
  std::string Written() {
    std::string text = text_.str();
    text_.str("");
    return text;
  }

  std::ostringstream text_;
  RoundLog log_{log::Log(log::Level::kInfo, log::Format::kLogfmt,
                         std::make_shared<spdlog::sinks::ostream_sink_mt>(text_, /*force_flush=*/true))};
};

TEST_F(RoundLogTest, FirstAbandonedRoundIsLoggedWithItsReason) {
  log_.Abandoned(AbandonReason::kDiscovery);
  EXPECT_THAT(Written(), HasSubstr("level=warning msg=\"round abandoned"));
  log_.Abandoned(AbandonReason::kDiscovery);
  EXPECT_THAT(Written(), IsEmpty());
}

TEST_F(RoundLogTest, OtherReasonIsLogged) {
  log_.Abandoned(AbandonReason::kDiscovery);
  Written();
  log_.Abandoned(AbandonReason::kRendering);
  EXPECT_THAT(Written(), HasSubstr("reason=\"rendering\""));
}

TEST_F(RoundLogTest, RecoveryIsLoggedOnceWithTheNumberOfLostRounds) {
  for (int i = 0; i < 3; ++i) log_.Abandoned(AbandonReason::kDiscovery);
  Written();
  log_.Finished();
  EXPECT_THAT(Written(), HasSubstr("abandoned=\"3\""));
  log_.Finished();
  EXPECT_THAT(Written(), IsEmpty());
  log_.Abandoned(AbandonReason::kDiscovery);
  Written();
  log_.Finished();
  EXPECT_THAT(Written(), HasSubstr("abandoned=\"1\""));
}

TEST_F(RoundLogTest, OrdinaryRoundsAreNotLogged) {
  log_.Finished();
  EXPECT_THAT(Written(), IsEmpty());
}

}  // namespace
}  // namespace mqueue::pipeline
