#ifndef DAEMON_QUEUE_QUEUE_RULE_H_
#define DAEMON_QUEUE_QUEUE_RULE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/queue/queue_policy.h"
#include "daemon/queue/queue_ref.h"

namespace mqueue {

/// One entry of the configuration's `queues` list.
struct QueueRule {
  enum class Syntax : std::uint8_t {
    kGlob,   ///< fnmatch(3) without flags: `*` matches a slash too
    kRegex,  ///< RE2, matched anywhere in the name unless anchored
  };

  Syntax syntax = Syntax::kGlob;
  /// Compared with QueueRef::name. Valid in its syntax.
  std::string pattern;
  /// Only queues of this kind; absent is both.
  std::optional<Ipc> ipc;
  /// Queues that match are not watched at all; `policy` is then unused.
  bool exclude = false;
  /// Never null.
  std::shared_ptr<const QueuePolicy> policy = std::make_shared<QueuePolicy>();
};

/// The whole list. The first rule that matches a queue decides; a queue that none matches is watched under `fallback`.
struct QueueRules {
  std::vector<QueueRule> rules;
  /// Never null.
  std::shared_ptr<const QueuePolicy> fallback = std::make_shared<QueuePolicy>();
};

}  // namespace mqueue

#endif  // DAEMON_QUEUE_QUEUE_RULE_H_
