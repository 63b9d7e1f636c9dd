#ifndef DAEMON_CONNECTION_LIMIT_H_
#define DAEMON_CONNECTION_LIMIT_H_

#include <cstddef>
#include <expected>
#include <string>

namespace mqueue {

/// Descriptors that stay free for what opens some for a moment: three threads that read queues, discovery, a walk of
/// the BPF program, a reload of the configuration, and the connection that is accepted at the limit before another is
/// closed.
constexpr std::size_t kReservedDescriptors = 16;

/// How many connections of the `configured` the exporter can serve while everything else still finds a descriptor.
/// `limit` is that of open files, `open` how many are open without a connection. The error, when not even one
/// connection is left, is a line for the user that says how much `limit` must be raised.
std::expected<std::size_t, std::string> ConnectionLimit(std::size_t configured, std::size_t limit, std::size_t open);

}  // namespace mqueue

#endif  // DAEMON_CONNECTION_LIMIT_H_
