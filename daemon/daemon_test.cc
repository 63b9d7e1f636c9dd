#include "daemon/daemon.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "daemon/settings/load.h"
#include "daemon/wiring.h"

namespace mqueue {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Runs a daemon in this process, without its sandbox, which would confine the test too.
class DaemonTest : public ::testing::Test {
 protected:
  // Not below the test's own directory, whose path is too long for a socket.
  DaemonTest() {
    if (::mkdtemp(directory_.data()) == nullptr) std::abort();
    flags_.config_file = {.path = directory_ + "/config.yml", .required = true};
    flags_.listen_addresses = {"unix:" + Socket()};
    flags_.enable_lifecycle = true;
    flags_.sandbox = false;
    WriteConfig("interval: 100ms\n");
  }

  ~DaemonTest() override {
    if (result_.valid()) Stop();
    std::filesystem::remove_all(directory_);
  }

  std::string Socket() const { return directory_ + "/socket"; }

  void WriteConfig(const std::string& text) const { std::ofstream(flags_.config_file.path) << text; }

  void Start() {
    const auto settings = settings::LoadSettings(flags_.config_file);
    ASSERT_TRUE(settings);
    sandbox_ = std::make_unique<confinement::Sandbox>(flags_.sandbox, log_);
    ASSERT_TRUE(sandbox_->Begin(CapabilityPlanFor(*settings)));
    daemon_ = std::make_unique<Daemon>(flags_, *settings, *sandbox_, log_);
    result_ = std::async(std::launch::async, [this] { return daemon_->Run(); });
    WaitFor("ready", [this] { return Ask("GET", "/-/ready").starts_with("HTTP/1.1 200"); });
  }

  int Stop() {
    ::kill(::getpid(), SIGTERM);
    return result_.get();
  }

  // The whole response; empty when there was none.
  std::string Ask(const std::string& method, const std::string& path) const {
    asio::io_context io;
    asio::local::stream_protocol::socket socket(io);
    boost::system::error_code error;
    socket.connect({Socket()}, error);
    const std::string request = method + " " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    if (!error) asio::write(socket, asio::buffer(request), error);
    std::string response;
    if (!error) asio::read(socket, asio::dynamic_buffer(response), error);
    return response;
  }

  static void WaitFor(const std::string& what, const std::function<bool()>& condition) {
    constexpr std::chrono::minutes kGiveUp{2};
    const auto begin = std::chrono::steady_clock::now();
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now() - begin, kGiveUp) << what;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  std::string directory_ = "/tmp/daemon_testXXXXXX";
  settings::Flags flags_;
  log::Log log_{log::Level::kInfo, log::Format::kLogfmt, std::make_shared<spdlog::sinks::null_sink_mt>()};
  std::unique_ptr<confinement::Sandbox> sandbox_;
  std::unique_ptr<Daemon> daemon_;
  std::future<int> result_;
};

TEST_F(DaemonTest, ServesUntilItIsTerminated) {
  ASSERT_NO_FATAL_FAILURE(Start());
  EXPECT_THAT(Ask("GET", "/metrics"), HasSubstr("mqueue_exporter_build_info"));
  EXPECT_THAT(Ask("GET", "/-/healthy"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(Stop(), 0);
  EXPECT_EQ(Ask("GET", "/-/healthy"), "");
}

TEST_F(DaemonTest, ReloadsByRequestAndBySignalWhileItServes) {
  ASSERT_NO_FATAL_FAILURE(Start());
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(Ask("POST", "/-/reload"), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(Ask("GET", "/metrics"), StartsWith("HTTP/1.1 200"));
  }
  WriteConfig("interval: never\n");
  EXPECT_THAT(Ask("POST", "/-/reload"), StartsWith("HTTP/1.1 500"));
  WaitFor("failed reload", [this] {
    return Ask("GET", "/metrics").find("mqueue_exporter_config_last_reload_successful 0") != std::string::npos;
  });
  WriteConfig("interval: 200ms\n");
  ::kill(::getpid(), SIGHUP);
  WaitFor("reload", [this] {
    return Ask("GET", "/metrics").find("mqueue_exporter_config_last_reload_successful 1") != std::string::npos;
  });
  EXPECT_EQ(Stop(), 0);
}

TEST_F(DaemonTest, AddressInUseIsAFailedStart) {
  ASSERT_NO_FATAL_FAILURE(Start());
  const auto settings = settings::LoadSettings(flags_.config_file);
  EXPECT_EQ(Daemon(flags_, *settings, *sandbox_, log_).Run(), 1);
}

}  // namespace
}  // namespace mqueue
