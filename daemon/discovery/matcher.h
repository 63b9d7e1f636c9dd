#ifndef DAEMON_DISCOVERY_MATCHER_H_
#define DAEMON_DISCOVERY_MATCHER_H_

#include <memory>
#include <vector>

#include "daemon/queue/queue_ref.h"
#include "daemon/queue/queue_rule.h"

namespace re2 {
class RE2;
}

namespace mqueue::discovery {

/// Decides under which policy a queue is watched. Immutable once built, so usable from any thread.
class Matcher {
 public:
  /// A regular expression that RE2 refuses matches nothing; the configuration has been checked before it comes here.
  explicit Matcher(QueueRules rules);
  ~Matcher();
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;

  /// The policy of the first rule that matches, or of none; null when the queue is excluded. Takes time linear in the
  /// name's length for a regular expression, whatever the name.
  std::shared_ptr<const QueuePolicy> PolicyOf(const QueueRef& queue) const;

 private:
  // A rule's regular expression, for a name that is UTF-8 and for one that is just bytes; both null for a glob.
  struct Regex {
    std::unique_ptr<re2::RE2> characters;
    std::unique_ptr<re2::RE2> bytes;
  };

  bool Matches(std::size_t index, const QueueRef& queue) const;

  QueueRules rules_;
  // One a rule.
  std::vector<Regex> regexes_;
};

}  // namespace mqueue::discovery

#endif  // DAEMON_DISCOVERY_MATCHER_H_
