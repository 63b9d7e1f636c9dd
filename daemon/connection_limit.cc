#include "daemon/connection_limit.h"

#include <algorithm>

namespace mqueue {

std::expected<std::size_t, std::string> ConnectionLimit(std::size_t configured, std::size_t limit, std::size_t open) {
  const std::size_t needed = open + kReservedDescriptors;
  if (limit > needed) return std::min(configured, limit - needed);
  return std::unexpected("the limit of open files is " + std::to_string(limit) + ", and the exporter needs at least " +
                         std::to_string(needed + 1) +
                         "; raise it: ulimit -n in a shell, LimitNOFILE= in a unit, --ulimit nofile= for a container");
}

}  // namespace mqueue
