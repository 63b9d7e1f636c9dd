#ifndef DAEMON_VERSION_H_
#define DAEMON_VERSION_H_

namespace mqueue {

/// The release that CHANGELOG.md describes.
inline constexpr char kVersion[] = "0.1.0";

}  // namespace mqueue

#endif  // DAEMON_VERSION_H_
