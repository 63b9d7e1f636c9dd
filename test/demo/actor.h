#ifndef TEST_DEMO_ACTOR_H_
#define TEST_DEMO_ACTOR_H_

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "test/demo/behaviour.h"
#include "test/demo/queue.h"

namespace mqueue::demo {

/// One queue of the demo with all its producers and consumers. Removes the queue when destroyed.
class Actor {
 public:
  /// Makes the queue. `behaviour` must outlive the actor. Failure: one line for whoever started the demo.
  static std::expected<Actor, std::string> Start(const Behaviour& behaviour);

  /// Does what is due at that tick; ticks count from 0.
  void Act(std::uint64_t tick);

 private:
  Actor(const Behaviour& behaviour, std::unique_ptr<Queue> queue) : behaviour_(&behaviour), queue_(std::move(queue)) {}

  void Send(const Flow& flow);

  const Behaviour* behaviour_;
  std::unique_ptr<Queue> queue_;
  std::uint64_t sent_ = 0;
};

/// Removes the queue that an actor of an earlier run may have left.
void RemoveQueue(const Behaviour& behaviour);

}  // namespace mqueue::demo

#endif  // TEST_DEMO_ACTOR_H_
