#ifndef DAEMON_SETTINGS_SETTINGS_H_
#define DAEMON_SETTINGS_SETTINGS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/queue/queue_policy.h"
#include "daemon/queue/queue_rule.h"
#include "daemon/queue/queue_snapshot.h"
#include "daemon/settings/namespaces.h"

namespace mqueue::settings {

/// Bounds of every interval of the configuration.
inline constexpr std::chrono::milliseconds kShortestInterval{100};
inline constexpr std::chrono::milliseconds kLongestInterval{3'600'000};

/// How far one look into a queue may go, for each reader that copies messages to see them.
struct MaxMessages {
  // Each 1 to 65536.

  /// The kernel remembers where it was: a look costs so many steps and copies.
  std::uint64_t fcntl = 4096;
  std::uint64_t syscall = 4096;
  /// The kernel walks the queue anew for each message, so the cost of a look grows with the square.
  std::uint64_t msg_copy = 256;

  bool operator==(const MaxMessages&) const = default;
};

/// What bounds the looks.
struct Peek {
  MaxMessages max_messages;
  /// The part of one core that rounds may use: discovery, looks and rendering. 0.001 to 1.
  double cpu_budget = 0.1;

  bool operator==(const Peek&) const = default;
};

/// mqueue_priority_messages, which has a series for each priority in use.
struct ExactPriorities {
  bool enabled = false;
  /// Series a queue may have, 1 to 32768.
  std::uint64_t max = 64;

  bool operator==(const ExactPriorities&) const = default;
};

struct Limits {
  /// Queues with series of their own, 1 to 100000.
  std::uint64_t max_queues = 1000;

  bool operator==(const Limits&) const = default;
};

/// What the configuration file says. Default-constructed, it is what an empty file says and what
/// config/mqueue_exporter.yml spells out.
struct Settings {
  /// What a rule, and a queue without one, takes where nothing else is said.
  std::chrono::milliseconds interval = QueuePolicy().interval;
  /// The reader forced on every queue of the kind that it serves; the other kind stays automatic. Absent is `auto`.
  std::optional<ReaderKind> reader;
  /// Resolved: each policy, the fallback's too, has `interval` and `reader` filled in from above where its rule names
  /// none. A policy's reader may not serve the kind of a queue that its rule matches (the rule names no `ipc`): it is
  /// then to be ignored for that queue.
  QueueRules queues;
  Namespaces namespaces = Namespaces::kAll;
  Peek peek;
  ExactPriorities exact_priorities;
  Limits limits;
  /// What is accepted and may not work as its author expects: a line for the user each, as "file:line:column: what".
  std::vector<std::string> warnings;
};

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_SETTINGS_H_
