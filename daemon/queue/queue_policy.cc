#include "daemon/queue/queue_policy.h"

namespace mqueue {

bool Permits(const QueuePolicy& policy, ReaderKind reader, Ipc ipc) {
  if (!Serves(reader, ipc)) return false;
  return !policy.reader || *policy.reader == reader || !Serves(*policy.reader, ipc);
}

}  // namespace mqueue
