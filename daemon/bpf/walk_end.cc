#include "daemon/bpf/walk_end.h"

namespace mqueue::bpf {

std::string_view ToString(WalkEnd end) {
  switch (end) {
    case WalkEnd::kDeadline:
      return "deadline";
    case WalkEnd::kTooManyRuns:
      return "too_many_runs";
    case WalkEnd::kFailed:
      return "failed";
  }
  __builtin_unreachable();
}

}  // namespace mqueue::bpf
