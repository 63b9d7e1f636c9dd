// The path of a request from the client's bytes to the bytes of the answer, without a socket: whatever the bytes, there
// is an answer or a wait for more, and the answer's length is that of its body.

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "daemon/http/accept.h"
#include "daemon/http/endpoints.h"
#include "daemon/http/framing.h"
#include "daemon/http/wire.h"

namespace {

using namespace mqueue::http;

const Router& Endpoints() {
  static const Router router =
      MakeEndpoints({.telemetry_path = "/metrics",
                     .version = "fuzz",
                     .metrics =
                         [](std::string_view accept) {
                           (void)ParseAccept(accept);
                           return Representation{"text/plain", std::make_shared<const Body>("metric 1\n")};
                         },
                     .ready = [] { return std::expected<void, std::string>(); },
                     .healthy = [] { return std::expected<void, std::string>(); },
                     .lifecycle = true,
                     .reload = [] { return std::expected<void, std::string>(); }});
  return router;
}

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckAnswer(const Response& response, const WireOptions& options) {
  Check(response.status >= 200 && response.status < 600);
  const WireResponse wire = ToWire(response, options);
  const auto length = wire[boost::beast::http::field::content_length];
  if (response.status == 204) return Check(wire.body().size() == 0 && length.empty());
  Check(options.head ? wire.body().size() == 0 : std::to_string(wire.body().size()) == length);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  WireParser parser;
  PrepareForHeader(parser, {.max_header_bytes = 512, .max_body_bytes = 256});
  boost::beast::error_code error;
  const std::size_t consumed = parser.put(boost::asio::buffer(data, size), error);
  if (error == boost::beast::http::error::need_more) return 0;
  if (error) {
    CheckAnswer(RefuseBytes(error), {});
    return 0;
  }
  Check(parser.is_header_done());
  const auto after_header = JudgeHeader(parser.get());
  if (!after_header) return 0;
  const Request request = ToRequest(parser.get());
  const WireOptions options{.version = parser.get().version(),
                            .keep_alive = parser.get().keep_alive(),
                            .head = request.method == "HEAD",
                            .accept_encoding = request.accept_encoding};
  // The parser and the judge agree on whether there is a body.
  Check(parser.is_done() == (*after_header == AfterHeader::kNextRequest));
  if (!parser.is_done() && parser.content_length().value_or(0) <= 256) {
    PrepareForBody(parser, 256);
    parser.put(boost::asio::buffer(data + consumed, size - consumed), error);
  }
  CheckAnswer(Endpoints()(request), options);
  return 0;
}
