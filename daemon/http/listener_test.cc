#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <expected>
#include <string>
#include <vector>

#include "daemon/http/server.h"

namespace mqueue::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Unix = asio::local::stream_protocol;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

// What a server does before it serves. The kernel lets clients connect meanwhile.
class ListenTest : public ::testing::Test {
 protected:
  std::expected<Server, std::string> Listen(const std::vector<std::string>& addresses) {
    return Server::Listen(io_, addresses, {}, {});
  }

  asio::io_context io_{1};
};

TEST_F(ListenTest, PortInUseIsAnErrorThatNamesIt) {
  const auto first = Listen({"127.0.0.1:0"});
  ASSERT_TRUE(first);
  const std::string address = first->Addresses().front();
  const auto second = Listen({address});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), "cannot listen on " + address +
                                ": Address already in use; stop what listens there or choose another "
                                "--web.listen-address");
}

TEST_F(ListenTest, EveryAddressIsListenedOn) {
  const auto server = Listen({"127.0.0.1:0", "127.0.0.1:0"});
  ASSERT_TRUE(server);
  EXPECT_EQ(server->Addresses().size(), 2);
  EXPECT_NE(server->Addresses()[0], server->Addresses()[1]);
}

TEST_F(ListenTest, OneAddressThatFailsLeavesNoneOpen) {
  const auto held = Listen({"127.0.0.1:0"});
  ASSERT_TRUE(held);
  std::string free_address;
  {
    const auto server = Listen({"127.0.0.1:0"});
    ASSERT_TRUE(server);
    free_address = server->Addresses().front();
  }
  EXPECT_FALSE(Listen({free_address, held->Addresses().front()}));
  EXPECT_TRUE(Listen({free_address}));
}

TEST_F(ListenTest, NameThatNobodyKnowsIsAnErrorThatNamesIt) {
  const auto server = Listen({"host.invalid:0"});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error(), HasSubstr("cannot listen on host.invalid:0: "));
}

TEST_F(ListenTest, AddressOfAnotherHostIsAnErrorThatNamesIt) {
  // From the range that is for documentation only.
  const auto server = Listen({"192.0.2.1:0"});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error(), HasSubstr("cannot listen on 192.0.2.1:0: "));
}

TEST_F(ListenTest, NameOfThisHostIsListenedOn) {
  const auto server = Listen({"localhost:0"});
  ASSERT_TRUE(server) << server.error();
  EXPECT_THAT(server->Addresses().front(), MatchesRegex("(127\\.0\\.0\\.1|\\[::1\\]):[1-9][0-9]*"));
}

TEST_F(ListenTest, InheritedSocketIsServedAndClosedWithTheServer) {
  const int descriptor = ::socket(AF_INET6, SOCK_STREAM, 0);
  ASSERT_EQ(::listen(descriptor, 1), 0);
  {
    const auto server = Listen({"fd:" + std::to_string(descriptor)});
    ASSERT_TRUE(server) << server.error();
    EXPECT_THAT(server->Addresses().front(), MatchesRegex("\\[::\\]:[1-9][0-9]*"));
    EXPECT_EQ(::fcntl(descriptor, F_GETFD), FD_CLOEXEC);
  }
  EXPECT_EQ(::fcntl(descriptor, F_GETFD), -1);
}

TEST_F(ListenTest, DescriptorThatListensOnNothingIsAnErrorThatNamesIt) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  const auto server = Listen({"fd:" + std::to_string(descriptor)});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error(), HasSubstr("cannot listen on fd:" + std::to_string(descriptor) + ": Invalid argument"));
  ::close(descriptor);
  EXPECT_THAT(Listen({"fd:" + std::to_string(descriptor)}).error(), HasSubstr("Bad file descriptor"));
}

TEST_F(ListenTest, VsockIsListenedOnWhereTheKernelHasIt) {
  const int probe = ::socket(AF_VSOCK, SOCK_STREAM, 0);
  const auto server = Listen({"vsock://:19992"});
  EXPECT_EQ(server.has_value(), probe != -1);
  if (server) {
    EXPECT_EQ(server->Addresses().front(), "vsock://:19992");
  } else {
    EXPECT_THAT(server.error(), HasSubstr("cannot listen on vsock://:19992: Address family not supported"));
  }
  ::close(probe);
}

class SocketFileTest : public ListenTest {
 protected:
  void TearDown() override { ::unlink(path_.c_str()); }

  bool Connects() {
    Unix::socket socket(io_);
    error_code error;
    socket.connect(path_, error);
    return !error;
  }

  // Not in the test's own directory: a socket's path may have no more than 107 bytes.
  const std::string path_ = "/tmp/mqueue_exporter_listener_test." + std::to_string(::getpid());
  const std::string address_ = "unix:" + path_;
};

TEST_F(SocketFileTest, FileIsForOwnerAndGroupAndTheNextServerReplacesIt) {
  struct stat status{};
  {
    const auto server = Listen({address_});
    ASSERT_TRUE(server) << server.error();
    EXPECT_EQ(server->Addresses().front(), address_);
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0660);
    EXPECT_TRUE(Connects());
  }
  EXPECT_FALSE(Connects());
  EXPECT_TRUE(Listen({address_}));
}

TEST_F(SocketFileTest, FileThatNobodyListensOnIsReplaced) {
  {
    const Unix::acceptor left(io_, path_);
  }
  const auto server = Listen({address_});
  ASSERT_TRUE(server) << server.error();
  EXPECT_TRUE(Connects());
}

TEST_F(SocketFileTest, FileThatSomebodyListensOnIsLeftAlone) {
  const Unix::acceptor other(io_, path_);
  EXPECT_FALSE(Listen({address_}));
  EXPECT_TRUE(Connects());
}

TEST_F(SocketFileTest, FileOfSomebodyTooBusyToAcceptIsLeftAlone) {
  Unix::acceptor other(io_, Unix());
  other.bind(path_);
  other.listen(0);
  ASSERT_TRUE(Connects());  // and fills the queue
  EXPECT_FALSE(Listen({address_}));
}

TEST_F(SocketFileTest, FileThatIsNoSocketIsLeftAlone) {
  ASSERT_EQ(::mkdir(path_.c_str(), 0700), 0);
  EXPECT_FALSE(Listen({address_}));
  EXPECT_EQ(::rmdir(path_.c_str()), 0);
}

}  // namespace
}  // namespace mqueue::http
