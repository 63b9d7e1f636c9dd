#include "daemon/queue/queue_state.h"

namespace mqueue {

std::string_view ToString(AgeSource source) { return source == AgeSource::kKernel ? "kernel" : "observed"; }

}  // namespace mqueue
