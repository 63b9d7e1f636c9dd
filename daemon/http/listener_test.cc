#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/capability.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstdint>
#include <cstdlib>
#include <expected>
#include <memory>
#include <string>
#include <type_traits>
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
                                "--web.listen-address; two of them may overlap");
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

TEST_F(ListenTest, StarIsEveryAddress) {
  const auto server = Listen({"*:0"});
  ASSERT_TRUE(server) << server.error();
  EXPECT_THAT(server->Addresses().front(), MatchesRegex("(\\[::\\]|0\\.0\\.0\\.0):[1-9][0-9]*"));
}

TEST_F(ListenTest, EveryAddressOfThisHostReachesTheEmptyHost) {
  const auto server = Listen({":0"});
  ASSERT_TRUE(server) << server.error();
  const std::string address = server->Addresses().front();
  const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  // By IPv4, though the socket is one of IPv6 where there is IPv6.
  asio::ip::tcp::socket client(io_);
  error_code error;
  client.connect({asio::ip::make_address("127.0.0.1"), port}, error);
  EXPECT_FALSE(error) << error.message();
}

TEST_F(ListenTest, AddressOfIpv6IsNotOneOfIpv4) {
  const auto server = Listen({"[::]:0"});
  if (!server) GTEST_SKIP() << server.error();
  const std::string address = server->Addresses().front();
  const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  asio::ip::tcp::socket client(io_);
  error_code error;
  client.connect({asio::ip::make_address("127.0.0.1"), port}, error);
  EXPECT_EQ(error, asio::error::connection_refused);
}

TEST_F(ListenTest, PortOfARestartIsFreeWhileOldConnectionsLinger) {
  asio::ip::tcp::socket client(io_);
  asio::ip::tcp::socket served(io_);
  std::uint16_t port = 0;
  {
    asio::ip::tcp::acceptor before(io_, {asio::ip::make_address("127.0.0.1"), 0});
    port = before.local_endpoint().port();
    client.connect(before.local_endpoint());
    before.accept(served);
  }
  // The server's side closes first, and then its port waits.
  served.close();
  client.close();
  const auto server = Listen({"127.0.0.1:" + std::to_string(port)});
  EXPECT_TRUE(server) << server.error();
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
  EXPECT_THAT(server.error(), HasSubstr("cannot listen on fd:" + std::to_string(descriptor) +
                                        ": Invalid argument; pass a stream socket that listens"));
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
  void SetUp() override {
    ASSERT_NE(::mkdtemp(directory_.data()), nullptr);
    path_ = directory_ + "/socket";
    address_ = "unix:" + path_;
  }
  void TearDown() override {
    ::unlink(path_.c_str());
    ::rmdir(directory_.c_str());
  }

  bool Connects() {
    Unix::socket socket(io_);
    error_code error;
    socket.connect(path_, error);
    return !error;
  }

  // Not in the test's own directory: a socket's path may have no more than 107 bytes.
  std::string directory_ = "/tmp/listener_testXXXXXX";
  std::string path_;
  std::string address_;
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

TEST_F(SocketFileTest, FileIsForOwnerAndGroupWhateverTheUmask) {
  const mode_t before = ::umask(0777);
  const auto server = Listen({address_});
  ::umask(before);
  ASSERT_TRUE(server) << server.error();
  struct stat status{};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0660);
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

TEST_F(SocketFileTest, FileThatAnotherProcessHasBoundAndDoesNotListenOnYetIsLeftAlone) {
  Unix::acceptor other(io_, Unix());
  other.bind(path_);
  const auto server = Listen({address_});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error(), HasSubstr("another process has bound this socket"));
  other.listen();
  EXPECT_TRUE(Connects());
}

TEST_F(SocketFileTest, FileThatAnotherProcessUsesForDatagramsIsLeftAlone) {
  const asio::local::datagram_protocol::socket other(io_, path_);
  EXPECT_FALSE(Listen({address_}));
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
  EXPECT_EQ(Listen({address_}).error(), "cannot listen on " + address_ +
                                            ": Address already in use; the path exists and is not a socket; remove it "
                                            "or choose another path");
  EXPECT_EQ(::rmdir(path_.c_str()), 0);
}

TEST_F(SocketFileTest, DirectoryThatForbidsItIsNamed) {
  ASSERT_EQ(::mkdir(path_.c_str(), 0500), 0);
  // With CAP_DAC_OVERRIDE, which root has, the mode of a directory would not matter.
  const std::unique_ptr<std::remove_pointer_t<cap_t>, int (*)(void*)> before(::cap_get_proc(), ::cap_free);
  const std::unique_ptr<std::remove_pointer_t<cap_t>, int (*)(void*)> without(::cap_dup(before.get()), ::cap_free);
  const cap_value_t override = CAP_DAC_OVERRIDE;
  ASSERT_EQ(::cap_set_flag(without.get(), CAP_EFFECTIVE, 1, &override, CAP_CLEAR), 0);
  ASSERT_EQ(::cap_set_proc(without.get()), 0);
  const auto server = Listen({address_ + "/socket"});
  ASSERT_EQ(::cap_set_proc(before.get()), 0);
  EXPECT_EQ(::rmdir(path_.c_str()), 0);
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error(),
              HasSubstr("Permission denied; grant the exporter's user write permission on the directory"));
}

TEST_F(SocketFileTest, DirectoryThatIsNotThereIsNamed) {
  const auto server = Listen({address_ + "/socket"});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error(), HasSubstr("No such file or directory; create the directory"));
}

TEST_F(SocketFileTest, LackOfDescriptorsIsAnErrorThatSaysWhatToRaise) {
  // The first socket opens what the io_context itself needs.
  ASSERT_TRUE(Listen({"127.0.0.1:0"}));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next = ::dup(STDIN_FILENO);
  ::close(next);
  const rlimit none_left{.rlim_cur = static_cast<rlim_t>(next), .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none_left), 0);
  for (const auto& address : {address_, std::string("127.0.0.1:0"), std::string(":0")}) {
    const auto server = Listen({address});
    EXPECT_THAT(server ? "" : server.error(), HasSubstr("raise the limit of open files"));
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace mqueue::http
