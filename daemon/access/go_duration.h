#ifndef DAEMON_ACCESS_GO_DURATION_H_
#define DAEMON_ACCESS_GO_DURATION_H_

#include <chrono>
#include <optional>
#include <string_view>

namespace mqueue::access {

/// A duration as Go's time.ParseDuration reads it: decimal numbers, each with a unit (ns, us, µs, ms, s, m, h), in any
/// order, as in "1.5h", "500us" or "1m30s"; or "0". A sign may stand first. Fractions of a nanosecond are cut off.
/// Nothing for any other text and for what int64_t nanoseconds (292 years) cannot hold.
std::optional<std::chrono::nanoseconds> ParseGoDuration(std::string_view text);

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_GO_DURATION_H_
