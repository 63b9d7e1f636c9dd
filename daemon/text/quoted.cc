#include "daemon/text/quoted.h"

#include <fmt/core.h>

#include <cstddef>

namespace mqueue {

std::string Quoted(std::string_view text) {
  constexpr std::size_t kMostBytes = 80;
  if (text.size() <= kMostBytes) return fmt::format("{:?}", text);
  return fmt::format("{:?}...", text.substr(0, kMostBytes));
}

}  // namespace mqueue
