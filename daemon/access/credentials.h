#ifndef DAEMON_ACCESS_CREDENTIALS_H_
#define DAEMON_ACCESS_CREDENTIALS_H_

#include <optional>
#include <string>
#include <string_view>

namespace mqueue::access {

/// What a client logs in with.
struct Credentials {
  std::string user;
  std::string password;
};

/// Reads the value of an Authorization field of the scheme Basic (RFC 7617). Nothing for any other scheme, for what is
/// no base64, without a colon, or with a NUL, which no password that was hashed can hold.
std::optional<Credentials> ParseBasic(std::string_view authorization);

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_CREDENTIALS_H_
