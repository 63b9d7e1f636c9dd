#include "test/demo/actor.h"

#include <string_view>
#include <utility>

#include "test/demo/posix_queue.h"
#include "test/demo/sysv_queue.h"

namespace mqueue::demo {
namespace {

bool IsDue(const Flow& flow, std::uint64_t tick) {
  return flow.every_ticks == 0 ? tick == 0 : tick != 0 && tick % flow.every_ticks == 0;
}

}  // namespace

std::expected<Actor, std::string> Actor::Start(const Behaviour& behaviour) {
  const auto message_size = static_cast<long>(behaviour.message_size);
  auto queue = behaviour.name.empty() ? SysvQueue::Create(behaviour.key)
                                      : PosixQueue::Create(behaviour.name, behaviour.messages_limit, message_size);
  if (!queue) return std::unexpected(std::move(queue.error()));
  return Actor(behaviour, std::move(*queue));
}

void Actor::Act(std::uint64_t tick) {
  for (const Flow& flow : behaviour_->sends) {
    if (IsDue(flow, tick)) Send(flow);
  }
  for (const Flow& flow : behaviour_->receives) {
    if (!IsDue(flow, tick)) continue;
    for (unsigned i = 0; i < flow.count; ++i) queue_->Receive(flow.kind);
  }
}

void Actor::Send(const Flow& flow) {
  for (unsigned i = 0; i < flow.count; ++i) {
    // No two messages alike, as in real traffic.
    std::string text = std::to_string(sent_++);
    text.resize(behaviour_->message_size, '.');
    queue_->Send(flow.kind, text);
  }
}

void RemoveQueue(const Behaviour& behaviour) {
  if (behaviour.name.empty()) {
    SysvQueue::Remove(behaviour.key);
  } else {
    PosixQueue::Remove(behaviour.name);
  }
}

}  // namespace mqueue::demo
