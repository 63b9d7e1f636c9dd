#include "daemon/reader/ladder.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace mqueue::reader {
namespace {

// Answers as the test tells it, by queue name; a name that it was not told is left to a spent budget.
class FakeReader final : public Reader {
 public:
  FakeReader(ReaderKind kind, std::map<std::string, Look> answers) : kind_(kind), answers_(std::move(answers)) {}

  ReaderKind kind() const override { return kind_; }

  std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, RoundContext&) override {
    std::vector<std::optional<Look>> looks;
    for (const QueueRef& queue : queues) {
      const auto answer = answers_.find(queue.name);
      looks.push_back(answer == answers_.end() ? std::nullopt : std::optional(answer->second));
    }
    return looks;
  }

 private:
  ReaderKind kind_;
  std::map<std::string, Look> answers_;
};

Look Seen(ReaderKind kind) { return QueueSnapshot{.reader = kind}; }
Look Failed(LookErrorReason reason) { return std::unexpected(LookError{reason, "told by the test"}); }

WatchedQueue Sysv(const std::string& name, std::optional<ReaderKind> forced = {}) {
  return {{.ipc = Ipc::kSysv, .name = name}, std::make_shared<QueuePolicy>(QueuePolicy{.reader = forced})};
}

class LadderTest : public ::testing::Test {
 protected:
  // msg_copy above msg_stat, as MakeReaders has them.
  void Build(std::map<std::string, Look> msg_copy, std::map<std::string, Look> msg_stat) {
    std::vector<std::unique_ptr<Reader>> readers;
    readers.push_back(std::make_unique<FakeReader>(ReaderKind::kMsgCopy, std::move(msg_copy)));
    readers.push_back(std::make_unique<FakeReader>(ReaderKind::kMsgStat, std::move(msg_stat)));
    ladder_ = std::make_unique<Ladder>(std::move(readers));
  }
  std::optional<Look> LookAt(const WatchedQueue& queue) {
    RoundContext context(std::chrono::hours(1));
    return ladder_->LookAt({&queue, 1}, context).front();
  }

  std::unique_ptr<Ladder> ladder_;
};

TEST_F(LadderTest, FirstReaderThatWorksIsUsed) {
  Build({{"a", Seen(ReaderKind::kMsgCopy)}}, {{"a", Seen(ReaderKind::kMsgStat)}});
  EXPECT_EQ((*LookAt(Sysv("a")))->reader, ReaderKind::kMsgCopy);
}

TEST_F(LadderTest, QueueThatMayNotBeReadFallsToTheNextReader) {
  Build({{"a", Failed(LookErrorReason::kPermission)}}, {{"a", Seen(ReaderKind::kMsgStat)}});
  EXPECT_EQ((*LookAt(Sysv("a")))->reader, ReaderKind::kMsgStat);
}

TEST_F(LadderTest, LookThatWasHandedDownSaysWhy) {
  Build({{"a", Failed(LookErrorReason::kUnsupported)}, {"b", Seen(ReaderKind::kMsgCopy)}},
        {{"a", Seen(ReaderKind::kMsgStat)}});
  EXPECT_EQ((*LookAt(Sysv("a")))->handed_down, "told by the test");
  EXPECT_EQ((*LookAt(Sysv("b")))->handed_down, "");
}

TEST_F(LadderTest, GoneQueueIsGoneForEveryReader) {
  Build({{"a", Failed(LookErrorReason::kGone)}}, {{"a", Seen(ReaderKind::kMsgStat)}});
  EXPECT_EQ(LookAt(Sysv("a"))->error().reason, LookErrorReason::kGone);
}

TEST_F(LadderTest, FirstFailureIsToldWhenEveryReaderFails) {
  Build({{"a", Failed(LookErrorReason::kPermission)}}, {{"a", Failed(LookErrorReason::kUnsupported)}});
  EXPECT_EQ(LookAt(Sysv("a"))->error().reason, LookErrorReason::kPermission);
}

TEST_F(LadderTest, ForcedReaderIsTheOnlyOne) {
  Build({{"a", Failed(LookErrorReason::kPermission)}}, {{"a", Seen(ReaderKind::kMsgStat)}});
  EXPECT_FALSE(LookAt(Sysv("a", ReaderKind::kMsgCopy))->has_value());
  EXPECT_EQ((*LookAt(Sysv("a", ReaderKind::kMsgStat)))->reader, ReaderKind::kMsgStat);
}

TEST_F(LadderTest, ReaderForcedForTheOtherKindOfQueueIsIgnored) {
  Build({{"a", Seen(ReaderKind::kMsgCopy)}}, {});
  EXPECT_EQ((*LookAt(Sysv("a", ReaderKind::kAttr)))->reader, ReaderKind::kMsgCopy);
}

TEST_F(LadderTest, QueueWithoutAnyReaderSaysSo) {
  Build({}, {});
  const WatchedQueue posix{{.ipc = Ipc::kPosix, .name = "/orders"}, std::make_shared<QueuePolicy>()};
  const auto look = LookAt(posix);
  ASSERT_TRUE(look);
  EXPECT_EQ(look->error().reason, LookErrorReason::kUnsupported);
}

TEST_F(LadderTest, QueueWhoseTurnDidNotComeIsNotAFailure) {
  Build({}, {{"a", Seen(ReaderKind::kMsgStat)}});
  EXPECT_FALSE(LookAt(Sysv("a")).has_value());
}

TEST_F(LadderTest, AnswersKeepTheOrderOfTheQueues) {
  Build({{"a", Failed(LookErrorReason::kPermission)}, {"b", Seen(ReaderKind::kMsgCopy)}},
        {{"a", Seen(ReaderKind::kMsgStat)}});
  const std::vector<WatchedQueue> queues{Sysv("b"), Sysv("a"), Sysv("b")};
  RoundContext context(std::chrono::hours(1));
  const auto looks = ladder_->LookAt(queues, context);
  EXPECT_EQ((*looks[0])->reader, ReaderKind::kMsgCopy);
  EXPECT_EQ((*looks[1])->reader, ReaderKind::kMsgStat);
  EXPECT_EQ((*looks[2])->reader, ReaderKind::kMsgCopy);
}

}  // namespace
}  // namespace mqueue::reader
