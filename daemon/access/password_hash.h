#ifndef DAEMON_ACCESS_PASSWORD_HASH_H_
#define DAEMON_ACCESS_PASSWORD_HASH_H_

#include <string>

namespace mqueue::access {

/// Whether `hash` is a bcrypt hash ("$2y$10$…") of the password. Takes as long as the hash's cost says, whatever the
/// answer: about 50 ms at cost 10. May be called from several threads.
bool IsHashOf(const std::string& hash, const std::string& password);

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_PASSWORD_HASH_H_
