#ifndef DAEMON_ACCESS_TLS_CONTEXT_H_
#define DAEMON_ACCESS_TLS_CONTEXT_H_

#include <boost/asio/ssl/context.hpp>
#include <expected>
#include <memory>
#include <string>

#include "daemon/access/web_config.h"

namespace mqueue::access {

/// Makes a server's TLS context from the certificate, the key and the client CA. A Pem with a file and no text is read
/// from the file. Sessions are not resumed: every connection is checked by the rules of its time. The error is a line
/// for the user that begins with the line and the key of the configuration that it is about.
///
/// With `certificate`, the certificate and key of that context are used and those of the configuration are ignored.
std::expected<std::shared_ptr<boost::asio::ssl::context>, std::string> MakeTlsContext(
    const TlsConfig& config, boost::asio::ssl::context* certificate = nullptr);

/// Has the library read its own configuration and make what it needs, for a process that can open nothing later.
void PrepareTls();

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_TLS_CONTEXT_H_
