#include "daemon/queue/look.h"

namespace mqueue {

std::string_view ToString(LookErrorReason reason) {
  switch (reason) {
    case LookErrorReason::kPermission:
      return "permission";
    case LookErrorReason::kGone:
      return "gone";
    case LookErrorReason::kDescriptors:
      return "descriptors";
    case LookErrorReason::kMemory:
      return "memory";
    case LookErrorReason::kUnsupported:
      return "unsupported";
    case LookErrorReason::kInconsistent:
      return "inconsistent";
    case LookErrorReason::kUncopied:
      return "uncopied";
    case LookErrorReason::kOther:
      return "other";
  }
  __builtin_unreachable();
}

}  // namespace mqueue
