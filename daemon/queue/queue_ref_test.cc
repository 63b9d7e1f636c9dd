#include "daemon/queue/queue_ref.h"

#include <gtest/gtest.h>

namespace mqueue {
namespace {

TEST(SysvQueueName, KeyIsEightHexDigits) {
  EXPECT_EQ(SysvQueueName(0xbeef, 3), "0x0000beef");
  EXPECT_EQ(SysvQueueName(-1, 3), "0xffffffff");
}

TEST(SysvQueueName, PrivateQueueIsNamedByItsId) { EXPECT_EQ(SysvQueueName(0, 32771), "id:32771"); }

TEST(IpcNamespaceLabel, InitialNamespaceIsHost) {
  EXPECT_EQ(IpcNamespace{.inode = IpcNamespace::kInitialInode}.Label(), "host");
  EXPECT_EQ(IpcNamespace{.inode = 4026532201}.Label(), "4026532201");
}

TEST(QueueRef, RecreatedQueueIsAnother) {
  const QueueRef first{.name = "/orders", .id = 11};
  const QueueRef second{.name = "/orders", .id = 12};
  EXPECT_NE(first, second);
}

}  // namespace
}  // namespace mqueue
