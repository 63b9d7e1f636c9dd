#include "daemon/os/service_sockets.h"

#include <gtest/gtest.h>

namespace mqueue::os {
namespace {

TEST(ServiceSockets, DescriptorsBeginBehindTheStandardOnes) {
  EXPECT_EQ(ServiceSockets("1", "7", 7), std::vector<int>{3});
  EXPECT_EQ(ServiceSockets("3", "7", 7), (std::vector<int>{3, 4, 5}));
}

TEST(ServiceSockets, ThoseOfAnotherProcessAreNotTaken) { EXPECT_FALSE(ServiceSockets("1", "8", 7)); }

TEST(ServiceSockets, WithoutOneTheErrorSaysWhatToDo) {
  for (const char* count : {"", "0", "-1", "x", "1x", "1025"}) {
    const auto sockets = ServiceSockets(count, "7", 7);
    ASSERT_FALSE(sockets) << count;
    EXPECT_NE(sockets.error().find("start mqueue_exporter.socket"), std::string::npos) << sockets.error();
  }
  EXPECT_FALSE(ServiceSockets("1", "", 7));
}

}  // namespace
}  // namespace mqueue::os
