#include "daemon/http/listen_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mqueue::http {
namespace {

using ::testing::HasSubstr;

ListenAddress Tcp(std::string host, std::uint16_t port) { return TcpAddress{std::move(host), port}; }

TEST(ParseListenAddress, PortAloneOrAStarIsEveryAddress) {
  EXPECT_EQ(ParseListenAddress(":9992"), Tcp("", 9992));
  EXPECT_EQ(ParseListenAddress("*:9992"), Tcp("", 9992));
}

TEST(ParseListenAddress, SchemeIsRefusedAsASchemeAndNotAsAnIpv6Address) {
  for (const char* text : {"tcp://:9992", "http://127.0.0.1:9992", "tcp://[::1]:9992"}) {
    EXPECT_THAT(ParseListenAddress(text).error(), HasSubstr("an address has no scheme")) << text;
  }
  for (const char* text : {"vsock://2:9992", "vsock:9992"}) {
    EXPECT_THAT(ParseListenAddress(text).error(), HasSubstr("a vsock address is \"vsock://:PORT\"")) << text;
  }
  EXPECT_THAT(ParseListenAddress("::1:9992").error(), HasSubstr("an IPv6 address stands in brackets"));
}

TEST(ParseListenAddress, HostAndPortAreTakenApart) {
  EXPECT_EQ(ParseListenAddress("127.0.0.1:9992"), Tcp("127.0.0.1", 9992));
  EXPECT_EQ(ParseListenAddress("localhost:0"), Tcp("localhost", 0));
}

TEST(ParseListenAddress, Ipv6StandsInBrackets) {
  EXPECT_EQ(ParseListenAddress("[::1]:9992"), Tcp("::1", 9992));
  EXPECT_FALSE(ParseListenAddress("::1:9992"));
}

TEST(ParseListenAddress, SocketPathIsAbsolute) {
  EXPECT_EQ(ParseListenAddress("unix:/run/m.sock"), ListenAddress(UnixAddress{"/run/m.sock"}));
  EXPECT_EQ(ParseListenAddress("unix:///run/m.sock"), ListenAddress(UnixAddress{"/run/m.sock"}));
  EXPECT_FALSE(ParseListenAddress("unix:m.sock"));
}

TEST(ParseListenAddress, SocketPathFitsTheKernelsStructure) {
  EXPECT_TRUE(ParseListenAddress("unix:/" + std::string(106, 'x')));
  EXPECT_FALSE(ParseListenAddress("unix:/" + std::string(107, 'x')));
}

TEST(ParseListenAddress, SocketPathThatTheKernelWouldCutShortIsRefused) {
  EXPECT_FALSE(ParseListenAddress(std::string("unix:/run/a\0b", 13)));
}

TEST(ParseListenAddress, VsockHasAPortOfItsOwnSize) {
  EXPECT_EQ(ParseListenAddress("vsock://:9992"), ListenAddress(VsockAddress{9992}));
  EXPECT_EQ(ParseListenAddress("vsock://:4294967295"), ListenAddress(VsockAddress{4294967295}));
  for (const char* text : {"vsock://:4294967296", "vsock://:", "vsock:9992x", "vsock://:-1"}) {
    EXPECT_FALSE(ParseListenAddress(text)) << text;
  }
}

TEST(ParseListenAddress, InheritedSocketIsNamedByItsDescriptor) {
  EXPECT_EQ(ParseListenAddress("fd:3"), ListenAddress(InheritedAddress{3}));
  for (const char* text : {"fd:2", "fd:", "fd:x", "fd:-1"}) EXPECT_FALSE(ParseListenAddress(text)) << text;
}

TEST(ParseListenAddress, ErrorNamesTheTextAndWhatWouldBeRight) {
  EXPECT_EQ(ParseListenAddress("9992").error(),
            "listen address \"9992\": there is no port; use \":9992\", \"127.0.0.1:9992\", \"[::1]:9992\", "
            "\"unix:/path\" or \"vsock://:9992\"");
}

TEST(ParseListenAddress, PortOutOfRangeIsRefused) {
  for (const char* text : {":65536", ":-1", ":", ":http", ":99 92", "host:"}) {
    EXPECT_FALSE(ParseListenAddress(text)) << text;
  }
}

}  // namespace
}  // namespace mqueue::http
