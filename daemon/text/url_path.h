#ifndef DAEMON_TEXT_URL_PATH_H_
#define DAEMON_TEXT_URL_PATH_H_

#include <string_view>

namespace mqueue {

/// Whether clients send the path as it is: they remove "." and ".." segments, and proxies merge slashes (RFC 3986,
/// section 6.2.2.3). `path` begins with a slash; one at the end is fine.
constexpr bool IsNormalPath(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    if ((segment.empty() && !path.empty()) || segment == "." || segment == "..") return false;
  }
  return true;
}

}  // namespace mqueue

#endif  // DAEMON_TEXT_URL_PATH_H_
