#ifndef DAEMON_LOG_LEVEL_H_
#define DAEMON_LOG_LEVEL_H_

#include <cstdint>

namespace mqueue::log {

/// A line is written if its level is at or above that of the log.
enum class Level : std::uint8_t { kDebug, kInfo, kWarn, kError };

enum class Format : std::uint8_t { kLogfmt, kJson };

}  // namespace mqueue::log

#endif  // DAEMON_LOG_LEVEL_H_
