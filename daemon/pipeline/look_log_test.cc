#include "daemon/pipeline/look_log.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

namespace mqueue::pipeline {
namespace {

class LookLogTest : public ::testing::Test {
 protected:
  static QueueState Failed(LookErrorReason reason) {
    return {.queue = Queue(), .look = std::unexpected(LookError{reason, "told by the test"})};
  }
  static QueueState Seen(ReaderKind reader, std::vector<std::uint64_t> uncopied = {}) {
    return {.queue = Queue(), .look = QueueSnapshot{.reader = reader, .uncopied = std::move(uncopied)}};
  }
  void Looked(const std::optional<QueueState>& before, const QueueState& after) {
    look_log_.Looked(before ? &*before : nullptr, after);
  }
  // What was logged since the last call.
  std::string Logged() {
    std::string text = stream_.str();
    stream_.str("");
    return text.substr(std::min(text.find("msg="), text.size()));
  }

  std::ostringstream stream_;
  LookLog look_log_{
      log::Log(log::Level::kInfo, log::Format::kLogfmt, std::make_shared<spdlog::sinks::ostream_sink_mt>(stream_)),
      [this] { return Instant{.boottime = now_}; }};
  std::chrono::nanoseconds now_{};

 private:
  static WatchedQueue Queue() { return {{.ipc = Ipc::kSysv, .name = "0x0000beef"}, std::make_shared<QueuePolicy>()}; }
};

TEST_F(LookLogTest, FailureIsToldOnce) {
  const auto failed = Failed(LookErrorReason::kPermission);
  Looked(std::nullopt, failed);
  EXPECT_EQ(Logged(),
            "msg=\"cannot look into a queue\" ipc=\"sysv\" queue=\"0x0000beef\" error=\"told by the test\"\n");
  Looked(failed, failed);
  EXPECT_EQ(Logged(), "");
}

TEST_F(LookLogTest, AnotherReasonIsToldAgain) {
  Looked(Failed(LookErrorReason::kPermission), Failed(LookErrorReason::kDescriptors));
  EXPECT_NE(Logged(), "");
}

TEST_F(LookLogTest, RecoveryIsTold) {
  Looked(Failed(LookErrorReason::kPermission), Seen(ReaderKind::kMsgCopy));
  EXPECT_EQ(Logged(), "msg=\"can look into a queue again\" ipc=\"sysv\" queue=\"0x0000beef\"\n");
}

TEST_F(LookLogTest, ReaderThatTakesOverIsTold) {
  Looked(Seen(ReaderKind::kMsgCopy), Seen(ReaderKind::kMsgStat));
  EXPECT_EQ(Logged(),
            "msg=\"a queue is read by another reader\" ipc=\"sysv\" queue=\"0x0000beef\" reader=\"msg_stat\" "
            "was=\"msg_copy\"\n");
}

TEST_F(LookLogTest, ReaderThatCouldNotLookIsToldOnceWithTheReason) {
  auto state = Seen(ReaderKind::kMsgStat);
  state.look->handed_down = "msgrcv(MSG_COPY) msqid 3: Permission denied";
  Looked(std::nullopt, state);
  EXPECT_EQ(Logged(),
            "msg=\"a queue is read by another reader\" ipc=\"sysv\" queue=\"0x0000beef\" reader=\"msg_stat\" "
            "was=\"none\" because=\"msgrcv(MSG_COPY) msqid 3: Permission denied\"\n");
  Looked(state, state);
  EXPECT_EQ(Logged(), "");
}

TEST_F(LookLogTest, FirstReaderOfAQueueIsNoNews) {
  Looked(std::nullopt, Seen(ReaderKind::kMsgCopy));
  EXPECT_EQ(Logged(), "");
}

TEST_F(LookLogTest, GoneQueueIsNoNews) {
  Looked(std::nullopt, Failed(LookErrorReason::kGone));
  EXPECT_EQ(Logged(), "");
}

TEST_F(LookLogTest, UncopiedMessageIsNamedOnce) {
  const auto state = Seen(ReaderKind::kMsgCopy, {4, 7});
  Looked(std::nullopt, state);
  EXPECT_NE(Logged().find("first_index=\"4\" messages=\"2\""), std::string::npos);
  Looked(state, state);
  EXPECT_EQ(Logged(), "");
}

TEST_F(LookLogTest, QueuesThatComeAndGoUnreadableAreLimitedPerReason) {
  const auto lines = [this] { return std::ranges::count(Logged(), '\n'); };
  for (int i = 0; i < 1200; ++i) Looked(std::nullopt, Failed(LookErrorReason::kPermission));
  EXPECT_EQ(lines(), 10);
  Looked(std::nullopt, Failed(LookErrorReason::kDescriptors));
  EXPECT_EQ(lines(), 1);
  now_ += std::chrono::minutes(1);
  look_log_.Discovered({});
  EXPECT_EQ(Logged(),
            "msg=\"similar lines suppressed, more than 10 in a minute\" lines=\"1190\" event=\"cannot look into a "
            "queue\" reason=\"permission\"\n");
}

TEST_F(LookLogTest, EveryOtherLineOfAQueueIsLimited) {
  const auto lines = [this] { return std::ranges::count(Logged(), '\n'); };
  const auto failed = Failed(LookErrorReason::kPermission);
  for (int i = 0; i < 100; ++i) Looked(failed, Seen(ReaderKind::kMsgCopy));
  EXPECT_EQ(lines(), 10);
  for (int i = 0; i < 100; ++i) Looked(Seen(ReaderKind::kMsgCopy), Seen(ReaderKind::kMsgStat));
  EXPECT_EQ(lines(), 10);
  for (int i = 0; i < 100; ++i) Looked(std::nullopt, Seen(ReaderKind::kMsgCopy, {4}));
  EXPECT_EQ(lines(), 10);
  for (int i = 0; i < 100; ++i) look_log_.Discovered({os::Error{1, "listing failed, try " + std::to_string(i)}});
  EXPECT_EQ(lines(), 10);
}

TEST_F(LookLogTest, ListingErrorIsToldUntilItIsOver) {
  const os::Error error{1, "readdir mqueue file system: told by the test"};
  look_log_.Discovered({error});
  EXPECT_NE(Logged(), "");
  look_log_.Discovered({error});
  EXPECT_EQ(Logged(), "");
  look_log_.Discovered({});
  look_log_.Discovered({error});
  EXPECT_NE(Logged(), "");
}

}  // namespace
}  // namespace mqueue::pipeline
