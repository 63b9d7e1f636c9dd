#include "daemon/http/stream.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cerrno>
#include <csignal>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "daemon/http/testing/certificates.h"

namespace mqueue::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

struct FreeTls {
  void operator()(SSL* tls) const { ::SSL_free(tls); }
};
using Tls = std::unique_ptr<SSL, FreeTls>;

// A Stream at one end of a socket pair, and a blocking client of OpenSSL's at the other, on a thread of its own.
class StreamTest : public ::testing::Test {
 protected:
  using Server = std::function<asio::awaitable<void>(Stream&)>;
  using Client = std::function<void(SSL*)>;

  StreamTest() {
    std::signal(SIGPIPE, SIG_IGN);
    int ends[2] = {-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    client_fd_ = ends[1];
    stream_.emplace(Stream::Socket(io_, asio::generic::stream_protocol(AF_UNIX, 0), ends[0]));
  }
  ~StreamTest() override { ::close(client_fd_); }
  StreamTest(const StreamTest&) = delete;
  StreamTest& operator=(const StreamTest&) = delete;

  // Runs both sides to their ends. `client` is called before its handshake.
  void RunRaw(Server server, const Client& client) {
    Tls tls(::SSL_new(client_context_.get()));
    ::SSL_set_fd(tls.get(), client_fd_);
    std::thread other([&] { client(tls.get()); });
    std::exception_ptr thrown;
    asio::co_spawn(io_, [&] { return server(*stream_); }, [&](const std::exception_ptr& error) { thrown = error; });
    io_.run();
    // A client that waits for more sees the end.
    stream_.reset();
    other.join();
    EXPECT_FALSE(thrown);
  }

  // The same after a handshake that both sides completed.
  void Run(Server server, const Client& client) {
    RunRaw(
        [this, server = std::move(server)](Stream& stream) -> asio::awaitable<void> {
          const error_code error = co_await stream.Encrypt(*server_context_);
          EXPECT_FALSE(error) << error.message();
          co_await server(stream);
        },
        [&client](SSL* tls) {
          EXPECT_EQ(::SSL_connect(tls), 1);
          client(tls);
        });
  }

  static asio::awaitable<std::string> ReadSome(Stream& stream, std::size_t most) {
    std::string bytes(most, '\0');
    const auto [error, count] = co_await stream.Read(asio::buffer(bytes));
    EXPECT_FALSE(error) << error.message();
    bytes.resize(count);
    co_return bytes;
  }

  const testing::Authority authority_{"ca"};
  testing::Context server_context_ = testing::ServerContext(authority_.Issue("server"));
  testing::Context client_context_ = testing::ClientContext();
  asio::io_context io_{1};
  std::optional<Stream> stream_;
  int client_fd_ = -1;
};

TEST_F(StreamTest, WithoutTlsBytesPassAsTheyAre) {
  EXPECT_FALSE(stream_->encrypted());
  std::string got(5, '\0');
  RunRaw(
      [](Stream& stream) -> asio::awaitable<void> {
        EXPECT_FALSE(co_await stream.WaitForBytes());
        EXPECT_EQ(co_await ReadSome(stream, 3), "que");
        EXPECT_EQ(co_await ReadSome(stream, 10), "stion");
        const std::string reply = "reply";
        const auto [error, count] = co_await stream.Write(asio::buffer(reply));
        EXPECT_FALSE(error);
        EXPECT_EQ(count, 5U);
        std::string none(1, '\0');
        const auto end = co_await stream.Read(asio::buffer(none));
        EXPECT_EQ(end.first, asio::error::eof);
      },
      [&](SSL*) {
        EXPECT_EQ(::write(client_fd_, "question", 8), 8);
        EXPECT_EQ(::read(client_fd_, got.data(), got.size()), 5);
        ::shutdown(client_fd_, SHUT_WR);
      });
  EXPECT_EQ(got, "reply");
}

TEST_F(StreamTest, OverTlsBytesPassBothWays) {
  Run(
      [](Stream& stream) -> asio::awaitable<void> {
        EXPECT_TRUE(stream.encrypted());
        EXPECT_FALSE(co_await stream.WaitForBytes());
        EXPECT_EQ(co_await ReadSome(stream, 100), "question");
        const std::string reply = "reply";
        const auto [error, count] = co_await stream.Write(asio::buffer(reply));
        EXPECT_FALSE(error);
        EXPECT_EQ(count, 5U);
      },
      [](SSL* tls) {
        EXPECT_EQ(::SSL_write(tls, "question", 8), 8);
        std::string got(5, '\0');
        EXPECT_EQ(::SSL_read(tls, got.data(), 5), 5);
        EXPECT_EQ(got, "reply");
      });
}

TEST_F(StreamTest, BytesThatAreDecipheredAlreadyNeedNoSocketToBeReadable) {
  Run(
      [](Stream& stream) -> asio::awaitable<void> {
        EXPECT_EQ(co_await ReadSome(stream, 1), "a");
        EXPECT_FALSE(co_await stream.WaitForBytes());
        EXPECT_EQ(co_await ReadSome(stream, 10), "b");
      },
      [](SSL* tls) {
        EXPECT_EQ(::SSL_write(tls, "ab", 2), 2);
        // The socket stays open and silent until the server is done.
        char end = 0;
        EXPECT_LE(::SSL_read(tls, &end, 1), 0);
      });
}

TEST_F(StreamTest, LargeWriteWaitsForTheClientToRead) {
  constexpr std::size_t kBytes = 4 << 20;
  std::size_t got = 0;
  Run(
      [](Stream& stream) -> asio::awaitable<void> {
        const std::string bytes(kBytes, 'x');
        std::size_t sent = 0;
        while (sent < bytes.size()) {
          const auto [error, count] = co_await stream.Write(asio::buffer(bytes) + sent);
          EXPECT_FALSE(error) << error.message();
          if (error) co_return;
          EXPECT_GT(count, 0U);
          sent += count;
        }
      },
      [&got](SSL* tls) {
        std::string part(1 << 16, '\0');
        while (got < kBytes) {
          const int count = ::SSL_read(tls, part.data(), static_cast<int>(part.size()));
          ASSERT_GT(count, 0);
          got += static_cast<std::size_t>(count);
        }
      });
  EXPECT_EQ(got, kBytes);
}

TEST_F(StreamTest, EndThatTheClientAnnouncesIsAnEndAndIsAnswered) {
  bool answered = false;
  Run(
      [](Stream& stream) -> asio::awaitable<void> {
        std::string none(1, '\0');
        const auto [error, count] = co_await stream.Read(asio::buffer(none));
        EXPECT_EQ(error, asio::error::eof);
        EXPECT_EQ(count, 0U);
        co_await stream.EndEncryption();
      },
      [&answered](SSL* tls) {
        EXPECT_EQ(::SSL_shutdown(tls), 0);
        answered = ::SSL_shutdown(tls) == 1;
      });
  EXPECT_TRUE(answered);
}

TEST_F(StreamTest, EndThatTheServerAnnouncesWaitsForTheClients) {
  bool told = false;
  Run([](Stream& stream) -> asio::awaitable<void> { co_await stream.EndEncryption(); },
      [&told](SSL* tls) {
        char none = 0;
        EXPECT_LE(::SSL_read(tls, &none, 1), 0);
        told = ::SSL_get_shutdown(tls) == SSL_RECEIVED_SHUTDOWN;
        EXPECT_EQ(::SSL_shutdown(tls), 1);
      });
  EXPECT_TRUE(told);
}

TEST_F(StreamTest, HandshakeWithWhatIsNoTlsFailsAndEndsQuietly) {
  RunRaw(
      [this](Stream& stream) -> asio::awaitable<void> {
        const error_code error = co_await stream.Encrypt(*server_context_);
        EXPECT_EQ(error.category(), asio::error::get_ssl_category());
        co_await stream.EndEncryption();
        std::string none(1, '\0');
        EXPECT_EQ((co_await stream.Read(asio::buffer(none))).first, error);
        EXPECT_EQ((co_await stream.Write(asio::buffer(none))).first, error);
      },
      [this](SSL*) { EXPECT_EQ(::write(client_fd_, "GET / HTTP/1.1\r\n\r\n", 18), 18); });
}

TEST_F(StreamTest, ClientThatLeavesAmidTheHandshakeIsAnEnd) {
  RunRaw(
      [this](Stream& stream) -> asio::awaitable<void> {
        EXPECT_TRUE(co_await stream.Encrypt(*server_context_));
        co_await stream.EndEncryption();
      },
      [this](SSL*) { ::shutdown(client_fd_, SHUT_RDWR); });
}

// After a failed system call OpenSSL does not know that SSL_shutdown is forbidden, and would write. The stream's socket
// is replaced by a pipe: it cannot be read, and shows what is written.
TEST_F(StreamTest, NothingIsWrittenAfterAFatalError) {
  int pipe_ends[2] = {-1, -1};
  ASSERT_EQ(::pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK), 0);
  Run(
      [&pipe_ends](Stream& stream) -> asio::awaitable<void> {
        EXPECT_EQ(co_await ReadSome(stream, 1), "a");
        const int socket = ::dup(stream.socket().native_handle());
        ::dup2(pipe_ends[1], stream.socket().native_handle());
        std::string none(1, '\0');
        const auto [error, count] = co_await stream.Read(asio::buffer(none));
        EXPECT_EQ(error, error_code(EBADF, boost::system::system_category()));
        EXPECT_EQ(count, 0U);
        co_await stream.EndEncryption();
        EXPECT_EQ((co_await stream.Write(asio::buffer(none))).first, error);
        EXPECT_EQ((co_await stream.Read(asio::buffer(none))).first, error);
        ::dup2(socket, stream.socket().native_handle());
        ::close(socket);
      },
      [](SSL* tls) { EXPECT_EQ(::SSL_write(tls, "a", 1), 1); });
  char written = 0;
  EXPECT_EQ(::read(pipe_ends[0], &written, 1), -1);
  EXPECT_EQ(errno, EAGAIN);
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}

TEST_F(StreamTest, ReadThatIsCancelledFailsAndTheStreamStaysUsable) {
  std::promise<void> cancelled;
  Run(
      [&, this](Stream& stream) -> asio::awaitable<void> {
        asio::post(io_, [&stream] { stream.socket().cancel(); });
        std::string none(1, '\0');
        EXPECT_EQ((co_await stream.Read(asio::buffer(none))).first, asio::error::operation_aborted);
        cancelled.set_value();
        EXPECT_EQ(co_await ReadSome(stream, 1), "a");
      },
      [&cancelled](SSL* tls) {
        cancelled.get_future().wait();
        EXPECT_EQ(::SSL_write(tls, "a", 1), 1);
      });
}

}  // namespace
}  // namespace mqueue::http
