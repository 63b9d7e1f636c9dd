#ifndef DAEMON_SETTINGS_DURATION_H_
#define DAEMON_SETTINGS_DURATION_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mqueue::settings {

/// The longest duration that is read.
inline constexpr std::chrono::hours kLongestDuration{24};

/// A duration as Prometheus writes it: whole numbers with the units h, m, s and ms, the larger unit first, each at most
/// once ("5s", "1m30s", "500ms"). Nothing for any other text and for more than kLongestDuration.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

/// The shortest text that ParseDuration reads as `duration`, which is not negative: "1m30s"; "0s" for none.
std::string FormatDuration(std::chrono::milliseconds duration);

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_DURATION_H_
