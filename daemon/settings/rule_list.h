#ifndef DAEMON_SETTINGS_RULE_LIST_H_
#define DAEMON_SETTINGS_RULE_LIST_H_

#include <string>
#include <vector>

#include "daemon/queue/queue_policy.h"
#include "daemon/queue/queue_rule.h"
#include "daemon/yaml/node.h"
#include "daemon/yaml/problems.h"

namespace mqueue::settings {

/// Reads the `queues` list. What a rule leaves open it takes from `inherited`; an inherited reader that does not serve
/// the rule's `ipc` is none. Adds problems for what is wrong, also for what would have no effect: keys
/// of a rule that excludes, rules behind one that matches every queue.
std::vector<QueueRule> ReadRules(const yaml::Node& list, const QueuePolicy& inherited, yaml::Problems& problems);

/// The keys that a rule may have, as Field::below wants them.
std::vector<std::string> RuleKeys();

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_RULE_LIST_H_
