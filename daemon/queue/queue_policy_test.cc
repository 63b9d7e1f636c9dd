#include "daemon/queue/queue_policy.h"

#include <gtest/gtest.h>

namespace mqueue {
namespace {

TEST(PermitsTest, WithoutAForcedReaderAllThatServeTheKindArePermitted) {
  const QueuePolicy policy;
  EXPECT_TRUE(Permits(policy, ReaderKind::kAttr, Ipc::kPosix));
  EXPECT_TRUE(Permits(policy, ReaderKind::kBpf, Ipc::kSysv));
  EXPECT_FALSE(Permits(policy, ReaderKind::kAttr, Ipc::kSysv));
}

TEST(PermitsTest, ForcedReaderIsTheOnlyOne) {
  const QueuePolicy policy{.reader = ReaderKind::kMsgCopy};
  EXPECT_TRUE(Permits(policy, ReaderKind::kMsgCopy, Ipc::kSysv));
  EXPECT_FALSE(Permits(policy, ReaderKind::kMsgStat, Ipc::kSysv));
  EXPECT_FALSE(Permits(policy, ReaderKind::kBpf, Ipc::kSysv));
}

TEST(PermitsTest, ForcedReaderThatCannotServeTheKindIsIgnored) {
  const QueuePolicy policy{.reader = ReaderKind::kMsgCopy};
  EXPECT_TRUE(Permits(policy, ReaderKind::kAttr, Ipc::kPosix));
  EXPECT_FALSE(Permits(policy, ReaderKind::kMsgCopy, Ipc::kPosix));
}

}  // namespace
}  // namespace mqueue
