#include "daemon/os/error.h"

#include <cerrno>
#include <system_error>

namespace mqueue::os {

std::unexpected<Error> Failure(std::string_view call, std::string_view subject) {
  return Failure(call, subject, errno);
}

std::unexpected<Error> Failure(std::string_view call, std::string_view subject, int code) {
  std::string message(call);
  message.append(" ").append(subject).append(": ").append(std::generic_category().message(code));
  return std::unexpected(Error{code, std::move(message)});
}

}  // namespace mqueue::os
