#ifndef DAEMON_ACCESS_CERTIFICATE_LINES_H_
#define DAEMON_ACCESS_CERTIFICATE_LINES_H_

#include <cstddef>
#include <string_view>

namespace mqueue::access {

/// Whether a block of `pem` says that it is a certificate.
bool HasCertificate(std::string_view pem);

/// The line, counted from 1, on which the first certificate of `pem` begins that OpenSSL cannot read. Returns 0 if
/// there is none. Skips blocks that are no certificates. Leaves OpenSSL's error queue empty.
std::size_t BadCertificateLine(std::string_view pem);

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_CERTIFICATE_LINES_H_
