#ifndef TEST_DEMO_QUEUE_H_
#define TEST_DEMO_QUEUE_H_

#include <string_view>

namespace mqueue::demo {

/// A queue that the demo made; destroying the object removes it.
class Queue {
 public:
  Queue() = default;
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  virtual ~Queue() = default;

  /// Queues a message unless the queue is full; never waits. `kind` is the priority (POSIX) or the type, from 1 on
  /// (SysV). `text` fits the size that the queue was made with.
  virtual void Send(long kind, std::string_view text) = 0;

  /// Takes the next message out if there is one; never waits. `kind` asks for messages of one type (SysV), 0 for any; a
  /// POSIX queue cannot choose and takes its head.
  virtual void Receive(long kind) = 0;
};

}  // namespace mqueue::demo

#endif  // TEST_DEMO_QUEUE_H_
