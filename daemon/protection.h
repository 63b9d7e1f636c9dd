#ifndef DAEMON_PROTECTION_H_
#define DAEMON_PROTECTION_H_

#include <memory>
#include <string>

#include "daemon/log/log.h"
#include "daemon/plan.h"
#include "daemon/settings/flags.h"
#include "daemon/settings/settings.h"

namespace mqueue {

/// What keeps the daemon to looking: it gives up what it has no use for, step by step, and says so in the log. With
/// --no-sandbox it keeps everything, and says so too.
class Protection {
 public:
  Protection(const settings::Flags& flags, const log::Log& log);
  ~Protection();
  Protection(const Protection&) = delete;
  Protection& operator=(const Protection&) = delete;

  /// The first step, before anything is asked of the kernel. False when it failed, which the log then explains.
  bool Begin(const settings::Settings& settings);

  /// The second step, when everything is loaded, mounted and bound, and before the second thread: from now on the
  /// process can do what serving `host` takes, and the kernel sees to it. False as above.
  bool Started(const Host& host);

  /// Why `settings` cannot be obeyed by this process any more: it takes rights that were given up. Empty when it can.
  std::string Objection(const settings::Settings& settings) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mqueue

#endif  // DAEMON_PROTECTION_H_
