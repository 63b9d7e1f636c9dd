#ifndef TEST_DEMO_BEHAVIOUR_H_
#define TEST_DEMO_BEHAVIOUR_H_

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace mqueue::demo {

/// How often the queues are served.
inline constexpr std::chrono::milliseconds kTick{100};

/// `count` messages of one kind, sent or received every so many ticks.
struct Flow {
  /// 0: once, at the start.
  unsigned every_ticks = 0;
  unsigned count = 1;
  /// As in Queue::Send and Queue::Receive.
  long kind = 0;
};

/// A queue of the demo and what happens to it.
struct Behaviour {
  /// A POSIX name, or empty: then `key` is a SysV key.
  std::string name;
  key_t key = 0;
  /// What is to be seen in the metrics; one line.
  std::string shows;
  std::vector<Flow> sends;
  std::vector<Flow> receives;
  /// Bytes of each message, at most 1024.
  std::size_t message_size = 64;
  /// POSIX only; at most 10, the kernel's default limit for everybody.
  long messages_limit = 10;
};

/// The queues of the demo. Together they stay far within the default limits: below 10 KiB of RLIMIT_MSGQUEUE.
std::vector<Behaviour> Behaviours();

/// The queue's name as the `queue` label has it.
std::string DisplayName(const Behaviour& behaviour);

}  // namespace mqueue::demo

#endif  // TEST_DEMO_BEHAVIOUR_H_
