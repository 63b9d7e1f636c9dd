#include "daemon/http/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/serializer.hpp>
#include <string_view>
#include <utility>

namespace mqueue::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using beast::error_code;

// Errors are values: a client that goes away is no exception.
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t kFirstRead = 2048;
constexpr std::size_t kNextRead = 16384;
constexpr std::chrono::milliseconds kCancelAgain(50);

// Everything that is no complaint of the parser about the client's bytes.
bool IsGone(const error_code& error) {
  return error == beast::http::error::end_of_stream || error == beast::http::error::partial_message ||
         error.category() != error_code(beast::http::error::end_of_stream).category();
}

using WireSerializer = beast::http::response_serializer<WireResponse::body_type>;

// The record that a TLS client begins with.
constexpr std::uint8_t kTlsHandshake = 22;

// Removes the empty lines that a request may have before it (RFC 9112, section 2.2). Whether anything else is left.
bool SkipEmptyLines(beast::flat_buffer& buffer) {
  constexpr std::string_view kEmptyLine = "\r\n";
  while (true) {
    const std::string_view bytes(static_cast<const char*>(buffer.data().data()), buffer.size());
    if (!bytes.starts_with(kEmptyLine)) return !kEmptyLine.starts_with(bytes);
    buffer.consume(kEmptyLine.size());
  }
}

template <typename Buffers>
asio::const_buffer FirstOf(const Buffers& buffers) {
  for (const asio::const_buffer buffer : beast::buffers_range_ref(buffers)) {
    if (buffer.size() > 0) return buffer;
  }
  return {};
}

}  // namespace

Connection::Connection(Socket socket, std::shared_ptr<const Service> service)
    : stream_(std::move(socket)),
      service_(std::move(service)),
      buffer_(service_->limits.max_header_bytes + service_->limits.max_body_bytes),
      deadline_(stream_.socket().get_executor()) {}

asio::awaitable<void> Connection::Run() {
  WatchDeadline();
  if (co_await Begin()) {
    auto patience = service_->limits.request_timeout;
    while (co_await FirstByte(patience)) {
      if (co_await Exchange() == Next::kClose) break;
      patience = service_->limits.idle_timeout;
    }
    if (stream_.encrypted() && !closed_) co_await EndEncryption();
  }
  Close();
}

// Makes sure that client and server speak the same; false when they do not.
asio::awaitable<bool> Connection::Begin() {
  transport_version_ = service_->access->TransportVersion();
  const auto context = service_->access->Tls();
  if (!context) co_return true;
  Allow(service_->limits.request_timeout);
  // Nothing is held for a client that says nothing: thousands of them cost their sockets.
  auto [error] = co_await stream_.socket().async_wait(Socket::wait_read, kAwait);
  if (error || closed_) co_return false;
  SetWaiting(false);
  std::uint8_t first = 0;
  error_code nothing;
  stream_.socket().receive(asio::buffer(&first, 1), Socket::message_peek, nothing);
  if (nothing) co_return false;
  if (first != kTlsHandshake) {
    co_await Refuse(TextResponse(400, "this port speaks TLS; ask by https"));
    co_return false;
  }
  co_return co_await Handshake(*context->native_handle());
}

asio::awaitable<bool> Connection::Handshake(SSL_CTX& context) {
  const error_code error = co_await stream_.Encrypt(context);
  if (closed_) co_return false;
  if (!error) co_return true;
  service_->access->HandshakeFailed(timed_out_ ? "it took too long" : error.message());
  // The client may not have read yet what was wrong with it.
  if (!timed_out_) co_await Linger();
  co_return false;
}

void Connection::Close() {
  closed_ = true;
  deadline_.cancel();
  error_code ignored;
  stream_.socket().close(ignored);
}

// Waits until something of a request is in the buffer; false when the client has enough or waits too long. Empty lines
// before a request are nothing of it.
asio::awaitable<bool> Connection::FirstByte(std::chrono::milliseconds patience) {
  if (closed_) co_return false;
  // The bytes of a pipelined request may be here already.
  if (SkipEmptyLines(buffer_)) co_return true;
  SetWaiting(true);
  Allow(patience);
  while (!SkipEmptyLines(buffer_)) {
    // Wait before allocating a buffer, so that an idle client costs only its socket.
    if (co_await stream_.WaitForBytes() || closed_ || timed_out_) co_return false;
    const auto [read_error, bytes] = co_await stream_.Read(buffer_.prepare(kFirstRead));
    buffer_.commit(bytes);
    if (read_error || closed_) co_return false;
  }
  SetWaiting(false);
  co_return true;
}

// Reads one request and answers it.
asio::awaitable<Connection::Next> Connection::Exchange() {
  Allow(service_->limits.request_timeout);
  WireParser parser;
  if (!co_await ReadHeader(parser)) co_return Next::kClose;
  const WireRequest& wire = parser.get();
  // What a handler may know is taken before the body is read: the parser adds the fields of a trailer to the header's.
  const Request request = ToRequest(wire);
  const WireOptions options{.version = wire.version(),
                            .keep_alive = wire.keep_alive(),
                            .head = request.method == "HEAD",
                            .accept_encoding = request.accept_encoding,
                            .min_gzip_bytes = service_->limits.min_gzip_bytes};
  const auto after_header = JudgeHeader(wire);
  if (!after_header) {
    co_await Refuse(TextResponse(400, "bad request: " + after_header.error()));
    co_return Next::kClose;
  }
  if (*after_header == AfterHeader::kBody && !co_await ReadBody(parser)) co_return Next::kClose;
  if (*after_header == AfterHeader::kUnreadBody && !co_await CheckUnreadBody(parser)) co_return Next::kClose;
  co_return co_await Answer(request, options, *after_header);
}

// Reads one header, and refuses what is none; true when there is one.
asio::awaitable<bool> Connection::ReadHeader(WireParser& parser) {
  PrepareForHeader(parser, service_->limits);
  const error_code error = co_await Parse(parser);
  if (closed_) co_return false;
  const auto refusal = RefusalOf(error);
  if (refusal) co_await Refuse(*refusal);
  co_return !refusal && !error;
}

// Reads the body that follows the header, and refuses what is none or too large; true when it is whole.
asio::awaitable<bool> Connection::ReadBody(WireParser& parser) {
  const std::size_t limit = service_->limits.max_body_bytes;
  error_code error;
  if (parser.content_length().value_or(0) > limit) error = beast::http::error::body_limit;
  // A client that has sent some of the body waits for nothing.
  if (!error && ExpectsContinue(parser.get()) && buffer_.size() == 0 && !co_await Continue()) co_return false;
  PrepareForBody(parser, limit);
  if (!error) error = co_await Parse(parser);
  if (closed_) co_return false;
  const auto refusal = RefusalOf(error);
  if (refusal) co_await Refuse(*refusal);
  co_return !refusal && !error;
}

// Refuses a malformed body as far as it has come together with the header; waits for no more of it.
asio::awaitable<bool> Connection::CheckUnreadBody(WireParser& parser) {
  if (!parser.chunked()) co_return true;
  PrepareForBody(parser, std::nullopt);
  error_code error;
  if (buffer_.size() > 0) parser.put(buffer_.data(), error);
  if (!error || error == beast::http::error::need_more) co_return true;
  co_await Refuse(RefuseBytes(error));
  co_return false;
}

asio::awaitable<bool> Connection::Continue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  co_return co_await WriteAll(asio::buffer(kContinue));
}

// Reads until the parser has what it was prepared for.
asio::awaitable<error_code> Connection::Parse(WireParser& parser) {
  while (true) {
    error_code error;
    const bool in_header = !parser.is_header_done();
    if (buffer_.size() > 0) {
      const asio::const_buffer bytes = buffer_.data();
      const std::size_t consumed = parser.put(bytes, error);
      const bool folded = in_header && HasFoldedField({static_cast<const char*>(bytes.data()), consumed});
      if (folded) co_return beast::http::error::bad_value;
      buffer_.consume(consumed);
    }
    if (error == beast::http::error::need_more) error = {};
    if (error || (parser.eager() ? parser.is_done() : parser.is_header_done())) co_return error;
    const std::size_t room = std::min(kNextRead, buffer_.max_size() - buffer_.size());
    if (room == 0) co_return beast::http::error::buffer_overflow;
    auto [read_error, bytes] = co_await stream_.Read(buffer_.prepare(room));
    buffer_.commit(bytes);
    if (read_error == asio::error::eof) co_return beast::http::error::end_of_stream;
    if (read_error || closed_) co_return read_error;
    // A read that completes at once is never cancelled.
    if (timed_out_) co_return asio::error::timed_out;
  }
}

// What to say instead of an answer, if anything; a client that is gone is told nothing.
std::optional<Response> Connection::RefusalOf(const error_code& error) const {
  if (timed_out_) return TextResponse(408, "the request took too long");
  if (!error || IsGone(error)) return std::nullopt;
  return RefuseBytes(error);
}

asio::awaitable<Connection::Next> Connection::Answer(const Request& request, WireOptions options,
                                                     AfterHeader after_header) {
  if (service_->access->TransportVersion() != transport_version_) co_return Next::kClose;
  auto refusal = co_await service_->access->Refusal(request);
  if (closed_) co_return Next::kClose;
  const Response response = refusal ? *std::move(refusal) : service_->handler(request);
  options.keep_alive = options.keep_alive && after_header != AfterHeader::kUnreadBody && !service_->stopping;
  const bool written = co_await Write(response, options);
  if (written && after_header == AfterHeader::kUnreadBody) co_await Linger();
  co_return written&& options.keep_alive && !service_->stopping ? Next::kGoOn : Next::kClose;
}

asio::awaitable<bool> Connection::Write(const Response& response, const WireOptions& options) {
  service_->observer(response.handler, response.status);
  WireResponse wire = ToWire(response, options);
  for (const HeaderField& field : service_->access->Fields()) wire.set(field.name, field.value);
  quiet_since_ = std::chrono::steady_clock::now();
  Allow(service_->limits.write_timeout);
  WireSerializer serializer(wire);
  while (!serializer.is_done()) {
    error_code error;
    asio::const_buffer part;
    serializer.next(error, [&part](error_code&, const auto& buffers) { part = FirstOf(buffers); });
    if (error) co_return false;
    auto [sending_error, bytes] = co_await stream_.Write(part);
    if (sending_error || closed_) co_return false;
    serializer.consume(bytes);
  }
  co_return true;
}

asio::awaitable<bool> Connection::WriteAll(asio::const_buffer bytes) {
  while (bytes.size() > 0) {
    auto [error, sent] = co_await stream_.Write(bytes);
    if (error || closed_) co_return false;
    bytes += sent;
  }
  co_return true;
}

asio::awaitable<void> Connection::Refuse(const Response& response) {
  // Named, because g++ 12 miscompiles a braced temporary in a co_await expression.
  const WireOptions options;
  if (co_await Write(response, options)) co_await Linger();
}

asio::awaitable<void> Connection::EndEncryption() {
  Allow(service_->limits.linger_timeout);
  // Whether the client answers makes no difference.
  co_await stream_.EndEncryption();
}

// A socket that is closed while unread bytes lie in it is reset, and the client may never see the answer.
asio::awaitable<void> Connection::Linger() {
  error_code error;
  if (stream_.encrypted()) co_await EndEncryption();
  stream_.socket().shutdown(Socket::shutdown_send, error);
  Allow(service_->limits.linger_timeout);
  std::array<char, 4096> unread;
  while (!error && !closed_ && !timed_out_) {
    auto [read_error, bytes] = co_await stream_.socket().async_read_some(asio::buffer(unread), kAwait);
    error = read_error;
  }
}

// Goes on beside the conversation and cancels whatever that waits for when its time is over.
void Connection::WatchDeadline() {
  // A deadline that is moved ends the wait too, with an error that says nothing more.
  deadline_.async_wait([self = shared_from_this()](const error_code& moved) {
    if (self->closed_) return;
    if (!moved && self->deadline_.expiry() <= std::chrono::steady_clock::now()) self->TimeOut();
    self->WatchDeadline();
  });
}

void Connection::TimeOut() {
  timed_out_ = true;
  error_code ignored;
  stream_.socket().cancel(ignored);
  // What has just completed is not cancelled, and the conversation may go on to wait for more: so once again, until it
  // has set its next deadline.
  deadline_.expires_after(kCancelAgain);
}

void Connection::Allow(std::chrono::milliseconds time) {
  timed_out_ = false;
  deadline_.expires_after(time);
}

void Connection::SetWaiting(bool waiting) {
  waiting_ = waiting;
  if (waiting) quiet_since_ = std::chrono::steady_clock::now();
}

}  // namespace mqueue::http
