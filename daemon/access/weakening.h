#ifndef DAEMON_ACCESS_WEAKENING_H_
#define DAEMON_ACCESS_WEAKENING_H_

#include <string>
#include <vector>

#include "daemon/access/web_config.h"

namespace mqueue::access {

/// Whether `next` turns TLS off.
bool TurnsTlsOff(const WebConfig& in_force, const WebConfig& next);

/// The keys by which `next` protects less than `in_force`: a protection is missing, client certificates are no longer
/// required or verified, or an older version of TLS is allowed. A changed value of the same kind, such as a different
/// user, CA or rate, is not a weakening.
std::vector<std::string> Weakened(const WebConfig& in_force, const WebConfig& next);

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_WEAKENING_H_
