#ifndef TEST_DEMO_POSIX_QUEUE_H_
#define TEST_DEMO_POSIX_QUEUE_H_

#include <mqueue.h>

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "test/demo/queue.h"

namespace mqueue::demo {

class PosixQueue : public Queue {
 public:
  /// Makes the queue, in place of one of that name. Failure: one line that says what to do.
  static std::expected<std::unique_ptr<Queue>, std::string> Create(const std::string& name, long messages_limit,
                                                                   long message_size);

  /// Removes the queue of that name, if there is one.
  static void Remove(const std::string& name);

  ~PosixQueue() override;

  void Send(long kind, std::string_view text) override;
  void Receive(long kind) override;

 private:
  PosixQueue(std::string name, mqd_t descriptor, long message_size)
      : name_(std::move(name)), descriptor_(descriptor), received_(static_cast<std::size_t>(message_size), '\0') {}

  std::string name_;
  mqd_t descriptor_;
  // mq_receive(3) insists on room for the largest message.
  std::string received_;
};

}  // namespace mqueue::demo

#endif  // TEST_DEMO_POSIX_QUEUE_H_
