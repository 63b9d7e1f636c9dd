#include "daemon/pipeline/round_log.h"

#include <string>

namespace mqueue::pipeline {

void RoundLog::Abandoned(AbandonReason reason) {
  ++abandoned_;
  if (reason_ == reason) return;
  reason_ = reason;
  log_.Warn("round abandoned: metrics keep their last values; /proc/PID/task/*/stack shows a thread that hangs",
            {{"reason", std::string(ToString(reason))}});
}

void RoundLog::Finished() {
  if (!reason_) return;
  log_.Info("rounds finish again", {{"abandoned", std::to_string(abandoned_)}});
  reason_.reset();
  abandoned_ = 0;
}

}  // namespace mqueue::pipeline
