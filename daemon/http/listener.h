#ifndef DAEMON_HTTP_LISTENER_H_
#define DAEMON_HTTP_LISTENER_H_

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace mqueue::http {

/// Accepts clients, whatever they come by.
using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

/// Binds and listens, or takes over what listens already; see Server::Listen. A name may stand for several addresses:
/// then there are several acceptors.
std::expected<std::vector<Acceptor>, std::string> OpenListeners(boost::asio::io_context& context,
                                                                std::string_view text);

/// "127.0.0.1:9992", "[::]:9992", "unix:/path" or "vsock://:9992".
std::string AddressOf(const Acceptor& acceptor);

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_LISTENER_H_
