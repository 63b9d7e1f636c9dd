#include "daemon/os/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>

namespace mqueue::os {

std::size_t DescriptorLimit() {
  rlimit limit{};
  // Fails for no resource that exists.
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

std::size_t OpenDescriptors(std::size_t end) {
  std::size_t open = 0;
  for (std::size_t descriptor = 0; descriptor < end; ++descriptor) {
    if (::fcntl(static_cast<int>(descriptor), F_GETFD) != -1) ++open;
  }
  return open;
}

}  // namespace mqueue::os
