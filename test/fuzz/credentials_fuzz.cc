#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/access/credentials.h"

// Any value of an Authorization field is a user and a password, or is not; neither can be cut short by a NUL.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto given = mqueue::access::ParseBasic({reinterpret_cast<const char*>(data), size});
  if (!given) return 0;
  if (given->user.find(':') != std::string::npos) __builtin_trap();
  if ((given->user + given->password).find('\0') != std::string::npos) __builtin_trap();
  return 0;
}
