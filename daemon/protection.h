#ifndef DAEMON_PROTECTION_H_
#define DAEMON_PROTECTION_H_

#include <optional>
#include <string>
#include <vector>

#include "daemon/log/log.h"
#include "daemon/os/error.h"
#include "daemon/pipeline/host.h"
#include "daemon/sandbox/privileges.h"
#include "daemon/settings/flags.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// What keeps the daemon to looking: it gives up what it has no use for, step by step, and says so in the log. With
/// --no-sandbox it keeps everything, and says so too.
class Protection {
 public:
  Protection(const settings::Flags& flags, log::Log log);

  /// The first step, before anything is asked of the kernel. False when it failed, which the log then explains.
  bool Begin(const settings::Settings& settings);

  /// The second step, when everything is loaded, mounted and bound, and before the second thread: from now on the
  /// process can do what serving `host` takes, and the kernel sees to it. `files` are those that are read again later.
  /// False as above.
  bool Started(const pipeline::Host& host, const std::vector<std::string>& files);

  /// Why `settings` cannot be obeyed by this process any more: it takes rights that were given up. Empty when it can.
  std::string Objection(const settings::Settings& settings) const;

 private:
  bool ConfineFiles(const pipeline::Host& host, const std::vector<std::string>& files) const;
  bool Refuse(const os::Error& error) const;

  const bool wanted_;
  const log::Log log_;
  std::optional<sandbox::Privileges> privileges_;
};

}  // namespace mqueue

#endif  // DAEMON_PROTECTION_H_
