// Where one request ends and the next begins. A server gets two requests on one connection; the first has a body that
// looks like a third. Whatever other fields or chunk extension the first request has, the server answers the first and
// the second, or refuses and closes, and it never runs the body as a request.
//
// Input: a byte of options, the fields up to a byte 0, the chunk extension.

#include <unistd.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/server.h"

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using mqueue::http::Request;
using mqueue::http::Server;
using mqueue::http::TextResponse;
using Unix = asio::local::stream_protocol;

constexpr std::string_view kBody = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
// As the size of a chunk.
constexpr char kBodySize[] = "23";
constexpr std::string_view kSecond = "GET /second HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
constexpr unsigned kPost = 1;
constexpr unsigned kChunked = 2;
constexpr unsigned kOld = 4;
constexpr unsigned kFramingFirst = 8;

void Check(bool holds) {
  if (!holds) std::abort();
}

// A server, and the paths that its handler has seen.
class Service {
 public:
  Service() {
    const std::string address = "unix:" + path_;
    auto server = Server::Listen(
        io_, std::span(&address, 1),
        [this](const Request& request) {
          seen_.push_back(request.path);
          return TextResponse(200, "hello");
        },
        [](std::string_view, int) {});
    Check(server.has_value());
    server_.emplace(*std::move(server));
  }
  ~Service() { ::unlink(path_.c_str()); }

  // What the handler sees of a client that sends these bytes and no more.
  std::vector<std::string> Seen(const std::string& bytes) {
    seen_.clear();
    Unix::socket client(io_);
    client.connect(path_);
    asio::write(client, asio::buffer(bytes));
    client.shutdown(Unix::socket::shutdown_send);
    while (server_->Connections() == 0) io_.run_one();
    while (server_->Connections() > 0) io_.run_one();
    return seen_;
  }

 private:
  const std::string path_ = "/tmp/http_boundary_fuzz." + std::to_string(::getpid());
  asio::io_context io_{1};
  std::optional<Server> server_;
  std::vector<std::string> seen_;
};

std::string First(unsigned options, const std::string& fields, const std::string& extension) {
  const std::string framing = (options & kChunked) != 0 ? "Transfer-Encoding: chunked\r\n"
                                                        : "Content-Length: " + std::to_string(kBody.size()) + "\r\n";
  const std::string line = (options & kPost) != 0 ? "POST /first HTTP/1." : "GET /first HTTP/1.";
  const std::string header = line + ((options & kOld) != 0 ? "0\r\nConnection: keep-alive\r\n" : "1\r\n") +
                             "Host: h\r\n" + ((options & kFramingFirst) != 0 ? framing + fields : fields + framing) +
                             "\r\n";
  if ((options & kChunked) == 0) return header + std::string(kBody);
  return header + kBodySize + extension + "\r\n" + std::string(kBody) + "\r\n0\r\n\r\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_assert(kBody.size() == 0x23);
  static Service service;
  if (size == 0) return 0;
  const std::string input(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto end = input.find('\0');
  std::string fields = input.substr(0, end);
  const std::string extension = end == std::string::npos ? "" : input.substr(end + 1);
  if (!fields.empty()) fields += "\r\n";
  // An empty line ends the header, and then the rest is no field of the first request. An end of line ends the
  // extension.
  if (("\r\n" + fields).find("\r\n\r\n") != std::string::npos || extension.find("\r\n") != std::string::npos) return 0;
  // A digit would be one more of the chunk's size.
  if (!extension.empty() && std::isxdigit(static_cast<unsigned char>(extension.front())) != 0) return 0;
  const auto seen = service.Seen(First(data[0], fields, extension) + std::string(kSecond));
  const std::vector<std::string> both{"/first", "/second"};
  Check(seen.size() <= both.size() && std::equal(seen.begin(), seen.end(), both.begin()));
  return 0;
}
