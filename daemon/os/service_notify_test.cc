#include "daemon/os/service_notify.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstddef>
#include <string>

#include "daemon/os/unique_fd.h"

namespace mqueue::os {
namespace {

class ServiceNotifyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    manager_ = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    // The kernel picks a name in the abstract namespace: it is short wherever the test runs.
    sockaddr_un address{.sun_family = AF_UNIX};
    ASSERT_EQ(::bind(manager_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address.sun_family), 0);
    socklen_t length = sizeof address;
    ASSERT_EQ(::getsockname(manager_.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
    name_ = "@" + std::string(address.sun_path + 1, length - offsetof(sockaddr_un, sun_path) - 1);
  }

  std::string Received() {
    std::array<char, 256> buffer;
    const ssize_t bytes = ::recv(manager_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    return bytes < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(bytes));
  }

  UniqueFd manager_;
  std::string name_;
};

TEST_F(ServiceNotifyTest, EachStateIsOneDatagram) {
  const ServiceNotify notify(name_);
  notify.Ready();
  EXPECT_EQ(Received(), "READY=1");
  notify.Alive();
  EXPECT_EQ(Received(), "WATCHDOG=1");
  notify.Stopping();
  EXPECT_EQ(Received(), "STOPPING=1");
}

TEST_F(ServiceNotifyTest, ReloadingCarriesTheMonotonicTime) {
  ServiceNotify(name_).Reloading();
  EXPECT_TRUE(Received().starts_with("RELOADING=1\nMONOTONIC_USEC="));
}

TEST_F(ServiceNotifyTest, ManagerThatDoesNotReadBlocksNobodyForEver) {
  const ServiceNotify notify(name_);
  // More than the kernel queues for a receiver (net.unix.max_dgram_qlen is 10 by default).
  for (int i = 0; i < 10'000; ++i) notify.Alive();
  notify.Stopping();
  int received = 0;
  while (Received() == "WATCHDOG=1") ++received;
  EXPECT_GT(received, 0);
}

TEST_F(ServiceNotifyTest, AbsentManagerIsNoError) {
  ServiceNotify("").Ready();
  ServiceNotify("/nonexistent/socket").Ready();
  EXPECT_EQ(Received(), "");
}

TEST(WatchdogInterval, IsHalfOfWhatTheManagerAllows) {
  EXPECT_EQ(WatchdogInterval("3000000", "", 7), std::chrono::microseconds(1'500'000));
  EXPECT_EQ(WatchdogInterval("3000000", "7", 7), std::chrono::microseconds(1'500'000));
}

TEST(WatchdogInterval, IsAbsentWhenNotAskedOfThisProcess) {
  EXPECT_EQ(WatchdogInterval("", "", 7), std::nullopt);
  EXPECT_EQ(WatchdogInterval("0", "", 7), std::nullopt);
  EXPECT_EQ(WatchdogInterval("3000000", "8", 7), std::nullopt);
  EXPECT_EQ(WatchdogInterval("3 s", "", 7), std::nullopt);
}

}  // namespace
}  // namespace mqueue::os
