#include "daemon/reader/attr_reader.h"

#include "daemon/os/posix_queue.h"
#include "daemon/reader/look_failure.h"
#include "daemon/reader/one_by_one.h"

namespace mqueue::reader {

std::vector<std::optional<Look>> AttrReader::LookAt(std::span<const QueueRef> queues, CpuBudget& budget) {
  return LookOneByOne(queues, budget, [this](const QueueRef& queue, CpuMeter&) { return LookAtOne(queue); });
}

Look AttrReader::LookAtOne(const QueueRef& queue) const {
  const Instant now = clock_();
  const auto opened = directory_->OpenQueue(queue.name.substr(1));
  if (!opened) return LookFailure(opened.error());
  const auto status = os::GetStatus(*opened, queue.name);
  if (!status) return LookFailure(status.error());
  if (status->inode != queue.id) return QueueIsGone(queue);
  const auto attributes = os::GetAttributes(*opened, queue.name);
  if (!attributes) return LookFailure(attributes.error());
  return QueueSnapshot{.reader = ReaderKind::kAttr,
                       .looked_at = now,
                       .messages = attributes->messages,
                       .messages_limit = attributes->messages_limit,
                       .message_size_limit = attributes->message_size_limit,
                       .ownership = status->ownership,
                       .last_changed = status->last_changed};
}

}  // namespace mqueue::reader
