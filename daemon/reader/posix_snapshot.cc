#include "daemon/reader/posix_snapshot.h"

#include <utility>

#include "daemon/reader/look_failure.h"

namespace mqueue::reader {

std::expected<OpenedQueue, LookError> OpenForLook(const os::MqueueDirectory& directory, const QueueRef& queue) {
  auto descriptor = directory.OpenQueue(queue.name.substr(1));
  if (!descriptor) return LookFailure(descriptor.error());
  OpenedQueue opened{.descriptor = *std::move(descriptor), .status = {}, .attributes = {}};
  if (const auto asked = Refresh(opened, queue); !asked) return std::unexpected(asked.error());
  if (opened.status.inode != queue.id) return QueueIsGone(queue);
  return opened;
}

std::expected<void, LookError> Refresh(OpenedQueue& opened, const QueueRef& queue) {
  const auto attributes = os::GetAttributes(opened.descriptor, queue.name);
  if (!attributes) return LookFailure(attributes.error());
  // After the depth: a message that is counted was sent before the time that is read here.
  const auto status = os::GetStatus(opened.descriptor, queue.name);
  if (!status) return LookFailure(status.error());
  opened.status = *status;
  opened.attributes = *attributes;
  return {};
}

QueueSnapshot PosixSnapshot(ReaderKind reader, const Instant& now, const OpenedQueue& opened) {
  return {.reader = reader,
          .looked_at = now,
          .messages = opened.attributes.messages,
          .messages_limit = opened.attributes.messages_limit,
          .message_size_limit = opened.attributes.message_size_limit,
          .ownership = opened.status.ownership,
          .last_changed = opened.status.last_changed};
}

}  // namespace mqueue::reader
