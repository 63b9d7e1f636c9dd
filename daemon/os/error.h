#ifndef DAEMON_OS_ERROR_H_
#define DAEMON_OS_ERROR_H_

#include <expected>
#include <string>
#include <string_view>

namespace mqueue::os {

/// A system call that failed, with its context.
struct Error {
  /// The call's errno.
  int code = 0;
  /// "call subject: what the errno means", ready for a log line. Holds names as they are: escape before showing.
  std::string message;
};

template <typename T>
using Result = std::expected<T, Error>;

/// The current errno as a value. `call` is the system call's name, `subject` what it was called on (a queue, a path).
/// Call it right after the failed call: anything in between may change errno.
std::unexpected<Error> Failure(std::string_view call, std::string_view subject);

/// The same for an errno that was kept.
std::unexpected<Error> Failure(std::string_view call, std::string_view subject, int code);

}  // namespace mqueue::os

#endif  // DAEMON_OS_ERROR_H_
