#ifndef DAEMON_ACCESS_PASSWORD_HASH_H_
#define DAEMON_ACCESS_PASSWORD_HASH_H_

#include <optional>
#include <string>

namespace mqueue::access {

/// Whether `hash` is a bcrypt hash ("$2y$10$…") of the password, which has no NUL. Agrees with Go's bcrypt library,
/// which other exporters use: the letters a, b, x and y mean the same, and only the first 72 bytes of a password count.
/// `nullopt` if there is no memory for the check. The cost of the hash decides how long it takes, whatever the answer:
/// about 50 ms at cost 10. May be called from several threads.
std::optional<bool> IsHashOf(const std::string& hash, const std::string& password);

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_PASSWORD_HASH_H_
