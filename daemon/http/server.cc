#include "daemon/http/server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <list>
#include <new>
#include <utility>

#include "daemon/http/connection.h"
#include "daemon/http/listener.h"

namespace mqueue::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// What a client that takes nothing may leave in the kernel. Without a bound it is megabytes a connection.
constexpr int kUnsentBytes = 256 * 1024;

// Small answers leave at once, and large ones wait in the Body that they share and not in the kernel. Only a TCP socket
// knows these options, and for the others their absence is no error.
void TuneSending(Connection::Socket& socket) {
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsentBytes, sizeof(kUnsentBytes));
}

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
 public:
  Impl(asio::io_context& context, std::vector<Acceptor> acceptors, Service service)
      : context_(context),
        acceptors_(std::move(acceptors)),
        service_(std::make_shared<Service>(std::move(service))),
        grace_(context) {}

  void Start() {
    for (Acceptor& acceptor : acceptors_) {
      // An exception leaves io_context::run: a port that nobody serves would look as if it were served.
      asio::co_spawn(
          context_, [self = shared_from_this(), &acceptor] { return self->Accept(acceptor); },
          [](const std::exception_ptr& failure) {
            if (failure) std::rethrow_exception(failure);
          });
    }
  }

  std::vector<std::string> Addresses() const {
    std::vector<std::string> addresses;
    addresses.reserve(acceptors_.size());
    for (const Acceptor& acceptor : acceptors_) addresses.push_back(AddressOf(acceptor));
    return addresses;
  }

  std::size_t Connections() const {
    return static_cast<std::size_t>(std::ranges::count(connections_, false, &Connection::closed));
  }

  void Stop(std::chrono::milliseconds grace, std::function<void()> done) {
    done_ = std::move(done);
    service_->stopping = true;
    CloseListeners();
    for (const auto& connection : connections_) {
      if (connection->waiting()) connection->Close();
    }
    grace_.expires_after(grace);
    grace_.async_wait([self = shared_from_this()](const error_code& error) {
      if (error) return;
      self->CloseConnections();
      self->TellWhenDone();
    });
    asio::post(context_, [self = shared_from_this()] { self->TellWhenDone(); });
  }

  void Abandon() {
    service_->stopping = true;
    done_ = nullptr;
    grace_.cancel();
    CloseListeners();
    CloseConnections();
  }

 private:
  asio::awaitable<void> Accept(Acceptor& acceptor) {
    bool made_room = false;
    while (!service_->stopping) {
      Connection::Socket socket(context_);
      auto [error] = co_await acceptor.async_accept(socket, kAwait);
      if (service_->stopping) break;
      if (error == asio::error::connection_aborted) continue;
      if (!error && Admit(std::move(socket))) {
        made_room = false;
        continue;
      }
      if (error) {
        // Without a descriptor accept(2) fails even where nobody waits, and nobody is to give way for that.
        co_await acceptor.async_wait(Acceptor::wait_read, kAwait);
        if (service_->stopping) break;
        // The client that has been idle for longest gives its descriptor back. Where something else is missing, trying
        // again at once would spin.
        const bool tried = std::exchange(made_room, MakeRoom(1));
        if (made_room && !tried) continue;
      }
      asio::steady_timer pause(context_, service_->limits.accept_pause);
      co_await pause.async_wait(kAwait);
    }
  }

  // Serves the client from now on. False without memory for that: the client is disconnected.
  bool Admit(Connection::Socket socket) {
    try {
      MakeRoom(service_->limits.max_connections);
      TuneSending(socket);
      Serve(std::make_shared<Connection>(std::move(socket), service_));
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }

  void Serve(const std::shared_ptr<Connection>& connection) {
    const auto place = connections_.insert(connections_.end(), connection);
    try {
      // The coroutine turns what it throws into the end of this one connection.
      asio::co_spawn(context_, connection->Run(),
                     [self = shared_from_this(), connection, place](const std::exception_ptr&) {
                       connection->Close();
                       self->connections_.erase(place);
                       self->TellWhenDone();
                     });
    } catch (...) {
      connections_.erase(place);
      throw;
    }
  }

  // Closes one connection when `limit` or more are open, and tells whether there was one to close: the one that has
  // been quiet for longest.
  bool MakeRoom(std::size_t limit) {
    std::vector<Connection*> open;
    for (const auto& connection : connections_) {
      if (!connection->closed()) open.push_back(connection.get());
    }
    if (open.empty() || open.size() < limit) return false;
    (*std::ranges::min_element(open, {}, &Connection::quiet_since))->Close();
    return true;
  }

  void CloseListeners() {
    error_code ignored;
    for (Acceptor& acceptor : acceptors_) acceptor.close(ignored);
  }

  void CloseConnections() {
    for (const auto& connection : connections_) connection->Close();
  }

  void TellWhenDone() {
    if (!done_ || Connections() > 0) return;
    grace_.cancel();
    std::exchange(done_, nullptr)();
  }

  asio::io_context& context_;
  std::vector<Acceptor> acceptors_;
  std::shared_ptr<Service> service_;
  std::list<std::shared_ptr<Connection>> connections_;
  asio::steady_timer grace_;
  std::function<void()> done_;
};

Server::Server(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::Server(Server&&) noexcept = default;

Server& Server::operator=(Server&& other) noexcept {
  std::swap(impl_, other.impl_);
  return *this;
}

// NOLINTNEXTLINE(bugprone-exception-escape): cancelling a timer throws by its signature and never in fact.
Server::~Server() {
  if (impl_) impl_->Abandon();
}

std::expected<Server, std::string> Server::Listen(asio::io_context& context, std::span<const std::string> addresses,
                                                  Handler handler, Observer observer, const ServerLimits& limits,
                                                  std::shared_ptr<Access> access) {
  std::vector<Acceptor> acceptors;
  for (const std::string& address : addresses) {
    auto opened = OpenListeners(context, address);
    if (!opened) return std::unexpected(opened.error());
    std::ranges::move(*opened, std::back_inserter(acceptors));
  }
  auto impl = std::make_shared<Impl>(context, std::move(acceptors),
                                     Service{.handler = std::move(handler),
                                             .observer = std::move(observer),
                                             .limits = limits,
                                             .access = std::move(access)});
  impl->Start();
  return Server(std::move(impl));
}

std::vector<std::string> Server::Addresses() const { return impl_->Addresses(); }

std::size_t Server::Connections() const { return impl_->Connections(); }

void Server::Stop(std::chrono::milliseconds grace, std::function<void()> done) { impl_->Stop(grace, std::move(done)); }

}  // namespace mqueue::http
