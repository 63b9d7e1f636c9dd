#include "daemon/connection_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mqueue {
namespace {

using ::testing::HasSubstr;

TEST(ConnectionLimit, ConfiguredConnectionsAreServedWhereTheyFit) {
  EXPECT_EQ(ConnectionLimit(512, 1024, 20), 512);
  EXPECT_EQ(ConnectionLimit(512, 512 + 20 + kReservedDescriptors, 20), 512);
}

TEST(ConnectionLimit, OtherDescriptorsComeFirst) {
  EXPECT_EQ(ConnectionLimit(512, 511 + 20 + kReservedDescriptors, 20), 511);
  EXPECT_EQ(ConnectionLimit(512, 1 + 20 + kReservedDescriptors, 20), 1);
}

TEST(ConnectionLimit, LimitWithoutRoomForAConnectionIsAnErrorThatSaysWhatToRaise) {
  const auto served = ConnectionLimit(512, 20 + kReservedDescriptors, 20);
  ASSERT_FALSE(served);
  EXPECT_THAT(served.error(), HasSubstr("the limit of open files is 36, and the exporter needs at least 37"));
  EXPECT_THAT(served.error(), HasSubstr("LimitNOFILE="));
  EXPECT_FALSE(ConnectionLimit(1, 0, 0));
}

}  // namespace
}  // namespace mqueue
