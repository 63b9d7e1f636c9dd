#ifndef DAEMON_ACCESS_CERTIFICATE_NAMES_H_
#define DAEMON_ACCESS_CERTIFICATE_NAMES_H_

#include <openssl/types.h>

#include <span>
#include <string>

namespace mqueue::access {

/// Whether the certificate's subject alternative names hold one of `allowed`, as a DNS name, an IP address, a mail
/// address or a URI. A name is compared byte by byte, as the format's origin does: nothing stands for several names. An
/// address may be written in any form.
bool HasName(const X509& certificate, std::span<const std::string> allowed);

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_CERTIFICATE_NAMES_H_
