#include "daemon/queue/round_report.h"

namespace mqueue {

std::string_view ToString(AbandonReason reason) {
  switch (reason) {
    case AbandonReason::kDiscovery:
      return "discovery";
    case AbandonReason::kLooks:
      return "looks";
    case AbandonReason::kRendering:
      return "rendering";
  }
  __builtin_unreachable();
}

}  // namespace mqueue
