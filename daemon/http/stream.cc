#include "daemon/http/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace mqueue::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// Why the TLS library failed: its own reason, or that of the system call, or the end of the connection.
error_code LastError(int system_error) {
  if (const auto error = ::ERR_get_error(); error != 0) {
    return {static_cast<int>(error), asio::error::get_ssl_category()};
  }
  if (system_error != 0) return {system_error, boost::system::system_category()};
  return asio::error::eof;
}

}  // namespace

void Stream::Free::operator()(SSL* tls) const { ::SSL_free(tls); }

asio::awaitable<error_code> Stream::Encrypt(SSL_CTX& context) {
  error_code error;
  socket_.native_non_blocking(true, error);
  tls_.reset(::SSL_new(&context));
  if (error || !tls_ || ::SSL_set_fd(tls_.get(), socket_.native_handle()) != 1) co_return asio::error::no_memory;
  while (true) {
    ::ERR_clear_error();
    const int result = ::SSL_accept(tls_.get());
    if (result == 1) {
      handshake_done_ = true;
      co_return error_code();
    }
    if (error = co_await WaitFor(result); error) co_return error;
  }
}

asio::awaitable<void> Stream::EndEncryption() {
  while (handshake_done_ && !failure_) {
    ::ERR_clear_error();
    const int result = ::SSL_shutdown(tls_.get());
    if (result == 1) co_return;
    // 0 is that it has been said, and not yet by the other side.
    if (result == 0) continue;
    if (co_await WaitFor(result)) co_return;
  }
}

asio::awaitable<error_code> Stream::WaitForBytes() {
  // Those that are deciphered are no longer in the socket.
  if (tls_ && ::SSL_has_pending(tls_.get()) == 1) co_return error_code();
  auto [error] = co_await socket_.async_wait(Socket::wait_read, kAwait);
  co_return error;
}

asio::awaitable<Stream::Transfer> Stream::Read(asio::mutable_buffer into) {
  if (!tls_) {
    auto [error, bytes] = co_await socket_.async_read_some(into, kAwait);
    co_return Transfer(error, bytes);
  }
  while (!failure_) {
    ::ERR_clear_error();
    std::size_t bytes = 0;
    const int result = ::SSL_read_ex(tls_.get(), into.data(), into.size(), &bytes);
    if (result == 1) co_return Transfer(error_code(), bytes);
    if (const error_code error = co_await WaitFor(result)) co_return Transfer(error, 0);
  }
  co_return Transfer(failure_, 0);
}

asio::awaitable<Stream::Transfer> Stream::Write(asio::const_buffer from) {
  if (!tls_) {
    auto [error, bytes] = co_await socket_.async_write_some(from, kAwait);
    co_return Transfer(error, bytes);
  }
  while (!failure_) {
    ::ERR_clear_error();
    std::size_t bytes = 0;
    const int result = ::SSL_write_ex(tls_.get(), from.data(), from.size(), &bytes);
    if (result == 1) co_return Transfer(error_code(), bytes);
    if (const error_code error = co_await WaitFor(result)) co_return Transfer(error, 0);
  }
  co_return Transfer(failure_, 0);
}

// Waits until the socket is readable or writable, as the failed OpenSSL call requires. Returns an error for anything
// but WANT_READ and WANT_WRITE.
asio::awaitable<error_code> Stream::WaitFor(int result) {
  const int system_error = errno;
  const int kind = ::SSL_get_error(tls_.get(), result);
  if (kind != SSL_ERROR_WANT_READ && kind != SSL_ERROR_WANT_WRITE) co_return Fail(kind, system_error);
  const auto wanted = kind == SSL_ERROR_WANT_READ ? Socket::wait_read : Socket::wait_write;
  auto [error] = co_await socket_.async_wait(wanted, kAwait);
  // It may have been closed meanwhile, and its number reused.
  if (!error && !socket_.is_open()) co_return error_code(asio::error::operation_aborted);
  co_return error;
}

// The error of a call that no waiting helps. All but the end that the client announced is fatal.
error_code Stream::Fail(int kind, int system_error) {
  if (kind == SSL_ERROR_ZERO_RETURN) return asio::error::eof;
  failure_ = LastError(system_error);
  return failure_;
}

}  // namespace mqueue::http
