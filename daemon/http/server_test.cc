#include "daemon/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <future>
#include <latch>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mqueue::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A client that sends what it is told and reads what comes, on a connection of its own.
class Client {
 public:
  explicit Client(const std::string& address) {
    const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    socket_.connect({asio::ip::make_address("127.0.0.1"), port});
  }

  // Errors may be left to the reading side: the server may have closed already. Whether there was none.
  bool Send(const std::string& bytes) {
    error_code error;
    asio::write(socket_, asio::buffer(bytes), error);
    return !error;
  }
  // Sends no more, and goes on reading.
  void End() {
    error_code error;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  }
  // Everything up to the end of the connection.
  std::string ReadAll() {
    std::string bytes;
    error_code error;
    asio::read(socket_, asio::dynamic_buffer(bytes), error);
    return bytes;
  }
  // Exactly one response with a body of known length.
  std::string ReadOne(std::size_t body_bytes) {
    std::string bytes;
    error_code error;
    while (!error && !bytes.ends_with("\r\n\r\n")) {
      char byte = 0;
      asio::read(socket_, asio::buffer(&byte, 1), error);
      if (!error) bytes += byte;
    }
    std::string body(body_bytes, '\0');
    asio::read(socket_, asio::buffer(body), error);
    return error ? "" : bytes + body;
  }
  // Whether the server has closed the connection; waits for it to.
  bool IsClosed() { return ReadAll().empty(); }

 private:
  asio::io_context io_;
  asio::ip::tcp::socket socket_{io_};
};

const std::string kGet = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kLastGet = "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

class ServerTest : public ::testing::Test {
 protected:
  // Starts serving; the loop has a thread of its own.
  std::string Start(ServerLimits limits = {}, std::string address = "127.0.0.1:0") {
    auto server = Server::Listen(
        io_, std::span(&address, 1), [this](const Request& request) { return Answer(request); },
        [this](std::string_view handler, int status) { observed_.emplace_back(handler, status); }, limits);
    EXPECT_TRUE(server) << server.error();
    server_.emplace(*std::move(server));
    loop_ = std::thread([this] { io_.run(); });
    return server_->Addresses().front();
  }

  // Runs something where the server lives, and waits for it.
  template <typename Work>
  auto OnLoop(Work work) {
    std::packaged_task<decltype(work())()> task(std::move(work));
    auto result = task.get_future();
    asio::post(io_, std::move(task));
    return result.get();
  }

  void TearDown() override {
    if (!loop_.joinable()) return;
    OnLoop([this] { server_.reset(); });
    io_.stop();
    loop_.join();
  }

  // Waits until the server has `count` connections.
  void WaitForConnections(std::size_t count) {
    while (OnLoop([this] { return server_->Connections(); }) != count) std::this_thread::yield();
  }

  Response Answer(const Request& request) {
    if (request.path == "/large") return {.body = large_, .handler = "/large"};
    Response response = TextResponse(request.path == "/hello" ? 200 : 404, "hello");
    response.handler = "/hello";
    return response;
  }

  std::shared_ptr<const Body> large_ = std::make_shared<const Body>(std::string(20'000'000, 'x'));
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_ = asio::make_work_guard(io_);
  std::optional<Server> server_;
  std::thread loop_;
  std::vector<std::pair<std::string, int>> observed_;
};

TEST_F(ServerTest, RequestIsAnswered) {
  Client client(Start());
  client.Send(kLastGet);
  const std::string response = client.ReadAll();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(response, HasSubstr("Content-Length: 6\r\n"));
  EXPECT_THAT(response, EndsWith("\r\n\r\nhello\n"));
}

TEST_F(ServerTest, ConnectionIsKeptAliveForTheNextRequest) {
  Client client(Start());
  for (int i = 0; i < 3; ++i) {
    client.Send(kGet);
    EXPECT_THAT(client.ReadOne(6), EndsWith("hello\n"));
  }
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  Client client(Start());
  client.Send(kGet + "GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n" + kLastGet);
  EXPECT_THAT(client.ReadOne(6), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(client.ReadOne(6), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, Http10ConnectionEndsWithItsAnswer) {
  Client client(Start());
  client.Send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.ReadAll(), EndsWith("hello\n"));
}

TEST_F(ServerTest, HeadHasNoBody) {
  Client client(Start());
  client.Send("HEAD /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::string response = client.ReadAll();
  EXPECT_THAT(response, HasSubstr("Content-Length: 6\r\n"));
  EXPECT_THAT(response, EndsWith("\r\n\r\n"));
}

TEST_F(ServerTest, RequestInPiecesIsOneRequest) {
  Client client(Start());
  for (const char byte : kLastGet) client.Send({byte});
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, LargeHeaderIsRefused) {
  Client client(Start({.max_header_bytes = 1000}));
  client.Send("GET /hello HTTP/1.1\r\nHost: h\r\nX: " + std::string(1'000'000, 'x'));
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 431"));
}

TEST_F(ServerTest, EmptyLinesBeforeARequestAreSkipped) {
  const std::string address = Start();
  Client client(address);
  client.Send("\r\n\r\n" + kGet + "\r\n" + kLastGet);
  EXPECT_THAT(client.ReadOne(6), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 200"));
  Client slow(address);
  for (const char byte : "\r\n\r\n" + kLastGet) slow.Send({byte});
  EXPECT_THAT(slow.ReadAll(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, EmptyLinesAreNotTheBeginningOfARequest) {
  Client client(Start({.idle_timeout = milliseconds(50)}));
  client.Send(kGet + "\r\n");
  client.ReadOne(6);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(ServerTest, BodyIsReadAndTheNextRequestAnswered) {
  const std::string address = Start();
  for (const char* body :
       {"Content-Length: 5\r\n\r\n12345", "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\nHost: x\r\nConnection: close\r\n\r\n"}) {
    Client client(address);
    client.Send("POST /hello HTTP/1.1\r\nHost: h\r\n" + std::string(body) + kLastGet);
    EXPECT_THAT(client.ReadOne(6), StartsWith("HTTP/1.1 200")) << body;
    EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 200")) << body;
  }
}

TEST_F(ServerTest, BodyThatNoHandlerNeedsIsNotWaitedForAndEndsTheConnection) {
  const std::string address = Start({.request_timeout = std::chrono::hours(1)});
  for (const char* field : {"Content-Length: 1000000", "Transfer-Encoding: chunked", "Content-Length: 1"}) {
    Client client(address);
    client.Send("GET /hello HTTP/1.1\r\nHost: h\r\n" + std::string(field) + "\r\n\r\n");
    const std::string answer = client.ReadAll();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200")) << field;
    EXPECT_THAT(answer, HasSubstr("Connection: close")) << field;
  }
}

TEST_F(ServerTest, BodyIsNeverRunAsARequest) {
  const std::string address = Start();
  const std::pair<const char*, const char*> table[] = {
      {"GET /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 31\r\n\r\n", "HTTP/1.1 200"},
      {"GET /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n", "HTTP/1.1 400"},
      {"POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 400"},
      {"POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", "HTTP/1.1 400"},
      {"POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: x\r\nContent-Length: 31\r\n\r\n", "HTTP/1.1 400"},
      {"POST /hello HTTP/1.1\r\nHost: h\r\nX: y\r\n Content-Length: 31\r\n\r\n", "HTTP/1.1 400"},
      {"POST /hello HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n",
       "HTTP/1.1 400"},
  };
  for (const auto& [header, status] : table) {
    Client client(address);
    client.Send(header + kGet + kGet);
    const std::string answer = client.ReadAll();
    EXPECT_THAT(answer, StartsWith(status)) << header;
    EXPECT_EQ(answer.find("HTTP/1.1 ", 1), std::string::npos) << header << answer;
  }
}

TEST_F(ServerTest, MalformedBodyThatCameWithTheHeaderIsRefused) {
  const std::string address = Start();
  for (const char* method : {"GET", "POST"}) {
    for (const char* body : {"zz\r\n", "5;a=\"\n\"\r\n12345\r\n0\r\n\r\n"}) {
      Client client(address);
      client.Send(std::string(method) + " /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
      EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 400")) << method << body;
    }
  }
}

TEST_F(ServerTest, ClientThatExpectsToContinueIsToldTo) {
  Client client(Start());
  client.Send("POST /hello HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.ReadOne(0), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("12345" + kLastGet);
  EXPECT_THAT(client.ReadOne(6), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, ClientThatExpectsToContinueGetsTheFinalStatusOfABodyThatIsNotRead) {
  const std::string address = Start({.max_body_bytes = 100, .request_timeout = std::chrono::hours(1)});
  for (const auto& [method, status] : {std::pair("GET", "HTTP/1.1 200"), std::pair("POST", "HTTP/1.1 413")}) {
    Client client(address);
    client.Send(std::string(method) +
                " /hello HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n");
    EXPECT_THAT(client.ReadAll(), StartsWith(status));
  }
}

TEST_F(ServerTest, BodyAsLargeAsTheLimitIsRead) {
  Client client(Start({.max_body_bytes = 100}));
  client.Send("POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x') + kLastGet);
  EXPECT_THAT(client.ReadOne(6), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, ClientThatNeverEndsItsBodyTimesOut) {
  const std::string address = Start({.max_body_bytes = 1'000'000'000, .request_timeout = milliseconds(50)});
  std::string chunks;
  for (int i = 0; i < 10'000; ++i) chunks += "1\r\nx\r\n";
  Client client(address);
  client.Send("POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  while (client.Send(chunks)) {
  }
  WaitForConnections(0);
}

TEST_F(ServerTest, ClientThatSendsOnlyEmptyLinesIsLetGo) {
  Client client(Start({.request_timeout = milliseconds(50)}));
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "\r\n";
  while (client.Send(lines)) {
  }
  WaitForConnections(0);
}

TEST_F(ServerTest, ClientThatNeverStopsSendingIsLetGo) {
  const std::string address = Start({.linger_timeout = milliseconds(50)});
  Client client(address);
  client.Send("GET /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n");
  // Sends until the server closes.
  while (client.Send(std::string(100'000, 'x'))) {
  }
  WaitForConnections(0);
}

TEST_F(ServerTest, LargeBodyIsRefused) {
  Client client(Start({.max_body_bytes = 100}));
  client.Send("POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x'));
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 413"));
}

TEST_F(ServerTest, MalformedRequestIsRefusedAndTheConnectionEnds) {
  const std::string address = Start();
  for (const char* bytes :
       {"\x16\x03\x01\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nA b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n"}) {
    Client client(address);
    client.Send(bytes);
    EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 400")) << bytes;
  }
}

TEST_F(ServerTest, RequestThatNeverEndsTimesOut) {
  const std::string address = Start({.request_timeout = milliseconds(50)});
  // A client that a busy machine kept from sending in time is a silent one: then once more.
  std::string response;
  while (response.empty()) {
    Client client(address);
    client.Send("GET /hello HTTP/1.1\r\n");
    response = client.ReadAll();
  }
  EXPECT_THAT(response, StartsWith("HTTP/1.1 408"));
}

TEST_F(ServerTest, SilentClientIsLetGoWithoutAWord) {
  Client client(Start({.request_timeout = milliseconds(50)}));
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(ServerTest, IdleConnectionIsClosed) {
  Client client(Start({.idle_timeout = milliseconds(50)}));
  client.Send(kGet);
  client.ReadOne(6);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(ServerTest, ClientThatTakesNothingIsLetGo) {
  Client client(Start({.write_timeout = milliseconds(50)}));
  client.Send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  while (OnLoop([this] { return observed_.empty(); })) std::this_thread::yield();
  WaitForConnections(0);
}

TEST_F(ServerTest, ClientThatGoesAwayLeavesNothingBehind) {
  const std::string address = Start();
  {
    Client client(address);
    client.Send("GET /hello HT");
    WaitForConnections(1);
  }
  WaitForConnections(0);
}

TEST_F(ServerTest, RequestThatEndsTooEarlyIsNotAnswered) {
  const std::string address = Start();
  for (const char* begun :
       {"GET /hello HTTP/1.1\r\nHost: h\r\n", "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab"}) {
    Client client(address);
    client.Send(begun);
    client.End();
    EXPECT_EQ(client.ReadAll(), "") << begun;
  }
  WaitForConnections(0);
  EXPECT_TRUE(OnLoop([this] { return observed_.empty(); }));
}

TEST_F(ServerTest, OneConnectionTooManyEndsTheOneThatWaitedLongest) {
  const std::string address = Start({.max_connections = 2});
  Client first(address);
  WaitForConnections(1);
  Client second(address);
  WaitForConnections(2);
  Client third(address);
  EXPECT_TRUE(first.IsClosed());
  third.Send(kLastGet);
  EXPECT_THAT(third.ReadAll(), StartsWith("HTTP/1.1 200"));
  second.Send(kLastGet);
  EXPECT_THAT(second.ReadAll(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, RequestsThatNeverEndDoNotCostANewClientItsPlace) {
  const std::string address = Start({.max_connections = 2});
  Client unfinished(address);
  WaitForConnections(1);
  unfinished.Send("GET /hello");
  Client fresh(address);
  WaitForConnections(2);
  Client last(address);
  EXPECT_TRUE(unfinished.IsClosed());
  fresh.Send(kLastGet);
  EXPECT_THAT(fresh.ReadAll(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, FloodOfIdleConnectionsKeepsNobodyOut) {
  const std::string address = Start({.max_connections = 16});
  std::vector<std::unique_ptr<Client>> flood;
  for (int i = 0; i < 200; ++i) flood.push_back(std::make_unique<Client>(address));
  Client client(address);
  client.Send(kLastGet);
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, ObserverIsToldOfEveryAnswer) {
  const std::string address = Start();
  {
    Client client(address);
    client.Send(kLastGet);
    client.ReadAll();
  }
  {
    Client client(address);
    client.Send("nonsense\r\n\r\n");
    client.ReadAll();
  }
  WaitForConnections(0);
  const auto observed = OnLoop([this] { return observed_; });
  EXPECT_THAT(observed, ::testing::ElementsAre(std::pair("/hello", 200), std::pair("other", 400)));
}

TEST_F(ServerTest, StopLetsARequestInFlightFinish) {
  Client client(Start());
  client.Send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  WaitForConnections(1);
  while (OnLoop([this] { return observed_.empty(); })) std::this_thread::yield();
  std::promise<void> done;
  OnLoop([&] { server_->Stop(seconds(60), [&] { done.set_value(); }); });
  EXPECT_GT(client.ReadAll().size(), large_->bytes().size());
  done.get_future().wait();
}

TEST_F(ServerTest, StopEndsIdleConnectionsAtOnce) {
  Client client(Start());
  WaitForConnections(1);
  std::promise<void> done;
  OnLoop([&] { server_->Stop(seconds(60), [&] { done.set_value(); }); });
  EXPECT_TRUE(client.IsClosed());
  done.get_future().wait();
}

TEST_F(ServerTest, StopDoesNotWaitForeverForASlowClient) {
  Client client(Start());
  client.Send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  while (OnLoop([this] { return observed_.empty(); })) std::this_thread::yield();
  std::promise<void> done;
  OnLoop([&] { server_->Stop(milliseconds(50), [&] { done.set_value(); }); });
  done.get_future().wait();
}

TEST_F(ServerTest, WithoutADescriptorForAClientTheOneThatWaitedLongestEnds) {
  const std::string address = Start({.accept_pause = std::chrono::hours(1)});
  Client first(address);
  WaitForConnections(1);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  std::optional<Client> last;
  std::latch lowered(1);
  // On the loop, so that the server finds the client and the lack of descriptors at once. Not by OnLoop: UBSan opens a
  // pipe when it looks at a class for the first time.
  asio::post(io_, [&] {
    last.emplace(address);
    const int next = ::dup(STDIN_FILENO);
    ::close(next);
    const rlimit none_left{.rlim_cur = static_cast<rlim_t>(next), .rlim_max = before.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &none_left), 0);
    lowered.count_down();
  });
  lowered.wait();
  last->Send(kLastGet);
  EXPECT_THAT(last->ReadAll(), StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(first.IsClosed());
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace mqueue::http
