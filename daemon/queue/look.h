#ifndef DAEMON_QUEUE_LOOK_H_
#define DAEMON_QUEUE_LOOK_H_

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "daemon/queue/queue_snapshot.h"

namespace mqueue {

/// Why a look brought nothing: the `reason` label of mqueue_exporter_look_errors_total.
enum class LookErrorReason : std::uint8_t {
  kPermission,    ///< EACCES, EPERM
  kGone,          ///< unlinked or re-created between discovery and look: expected, the queue just disappears
  kDescriptors,   ///< EMFILE, ENFILE
  kMemory,        ///< ENOMEM
  kUnsupported,   ///< no reader that this kernel serves, or that the configuration allows
  kInconsistent,  ///< the messages did not hold still; depth and limits were had all the same
  kUncopied,      ///< single messages that could not be copied; the look itself worked
  kOther,
};

inline constexpr LookErrorReason kLookErrorReasons[] = {LookErrorReason::kPermission,  LookErrorReason::kGone,
                                                        LookErrorReason::kDescriptors, LookErrorReason::kMemory,
                                                        LookErrorReason::kUnsupported, LookErrorReason::kInconsistent,
                                                        LookErrorReason::kUncopied,    LookErrorReason::kOther};

/// "permission", "gone", …
std::string_view ToString(LookErrorReason reason);

struct LookError {
  LookErrorReason reason = LookErrorReason::kOther;
  /// Which call failed on which queue and how, and what to do about it; for the log.
  std::string message;
};

using Look = std::expected<QueueSnapshot, LookError>;

}  // namespace mqueue

#endif  // DAEMON_QUEUE_LOOK_H_
