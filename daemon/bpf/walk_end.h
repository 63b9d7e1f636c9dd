#ifndef DAEMON_BPF_WALK_END_H_
#define DAEMON_BPF_WALK_END_H_

#include <cstdint>
#include <expected>
#include <string_view>

#include "daemon/os/error.h"

namespace mqueue::bpf {

/// Why a walk over the host's queues, or a host snapshot, was given up.
enum class WalkEnd : std::uint8_t {
  /// The deadline passed.
  kDeadline,
  /// The program had to be run too often: more of the host changed than a walk can follow.
  kTooManyRuns,
  /// The kernel did not run the program.
  kFailed,
};

/// "deadline", "too_many_runs", "failed".
std::string_view ToString(WalkEnd end);

/// What a walk that was given up returns in place of its result.
struct WalkFailure {
  WalkEnd end = WalkEnd::kFailed;
  /// Ready for a log line.
  os::Error error;
};

template <typename T>
using WalkResult = std::expected<T, WalkFailure>;

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_WALK_END_H_
