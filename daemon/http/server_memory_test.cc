#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <thread>

#include "daemon/http/server.h"

namespace {

// How many allocations of this thread succeed before one fails; negative: none fails.
thread_local std::int64_t left = -1;

bool Fails() { return left >= 0 && left-- == 0; }

}  // namespace

// The allocations of the standard library and of Boost.Asio, which go these two ways.
void* operator new(std::size_t size) {
  void* memory = Fails() ? nullptr : std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  void* memory = nullptr;
  if (Fails() || ::posix_memalign(&memory, std::max(alignment, sizeof(void*)), size) != 0) return nullptr;
  return memory;
}

namespace mqueue::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// What a client gets that asks once.
std::string Ask(const std::string& address) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  error_code error;
  const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  socket.connect({asio::ip::make_address("127.0.0.1"), port}, error);
  if (error) return "";
  // Of a server that is half alive the kernel accepts the client, and nothing ever comes.
  const timeval patience{.tv_sec = 120, .tv_usec = 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  asio::write(socket, asio::buffer(std::string("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")), error);
  std::string answer;
  while (true) {
    char byte = 0;
    if (::recv(socket.native_handle(), &byte, 1, 0) != 1) return answer;
    answer += byte;
  }
}

// A server on a thread of its own. When an exception leaves its loop everything is closed, as at the end of a process.
class LoopOfAServer {
 public:
  LoopOfAServer() {
    const std::string address = "127.0.0.1:0";
    auto server = Server::Listen(
        io_, std::span(&address, 1), [](const Request&) { return TextResponse(200, "hello"); },
        [](std::string_view, int) {});
    EXPECT_TRUE(server) << server.error();
    server_.emplace(*std::move(server));
    address_ = server_->Addresses().front();
    thread_ = std::thread([this] { Run(); });
  }
  ~LoopOfAServer() {
    asio::post(io_, [this] {
      left = -1;
      server_.reset();
      guard_.reset();
    });
    thread_.join();
  }

  const std::string& address() const { return address_; }
  bool ended() const { return ended_; }

  // From now on one allocation fails, after `successes` others.
  void FailAfter(std::int64_t successes) {
    OnLoop([successes] { left = successes; });
  }
  // No allocation fails any more. Whether one did.
  bool StopFailing() {
    bool failed = true;
    OnLoop([&failed] {
      failed = left == -1;
      left = -1;
    });
    return failed;
  }

 private:
  void Run() {
    try {
      io_.run();
    } catch (const std::bad_alloc&) {
      ended_ = true;
      server_.reset();
      io_.run();
    }
  }

  template <typename Work>
  void OnLoop(Work work) {
    std::promise<void> done;
    asio::post(io_, [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }

  asio::io_context io_{1};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> guard_ = asio::make_work_guard(io_);
  std::optional<Server> server_;
  std::string address_;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

TEST(ServerWithoutMemory, NextClientIsServedOrTheLoopEnds) {
  bool failed = true;
  std::int64_t successes = 0;
  for (; failed; ++successes) {
    LoopOfAServer server;
    server.FailAfter(successes);
    Ask(server.address());
    failed = server.StopFailing();
    const std::string answer = Ask(server.address());
    EXPECT_TRUE(server.ended() || answer.ends_with("hello\n")) << successes << ": " << answer;
  }
  // There were allocations to fail.
  EXPECT_GT(successes, 10);
}

}  // namespace
}  // namespace mqueue::http
