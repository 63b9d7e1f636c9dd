#ifndef TEST_DEMO_SYSV_QUEUE_H_
#define TEST_DEMO_SYSV_QUEUE_H_

#include <sys/types.h>

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "test/demo/queue.h"

namespace mqueue::demo {

class SysvQueue : public Queue {
 public:
  /// Makes the queue with the kernel's default limits, in place of one of that key. Failure: one line that says what to
  /// do.
  static std::expected<std::unique_ptr<Queue>, std::string> Create(key_t key);

  /// Removes the queue of that key, if there is one.
  static void Remove(key_t key);

  ~SysvQueue() override;

  void Send(long kind, std::string_view text) override;
  void Receive(long kind) override;

 private:
  explicit SysvQueue(int msqid) : msqid_(msqid) {}

  int msqid_;
};

}  // namespace mqueue::demo

#endif  // TEST_DEMO_SYSV_QUEUE_H_
