#ifndef DAEMON_CONFINEMENT_SANDBOX_H_
#define DAEMON_CONFINEMENT_SANDBOX_H_

#include <optional>
#include <string>
#include <vector>

#include "daemon/confinement/capability_plan.h"
#include "daemon/confinement/privileges.h"
#include "daemon/confinement/reader_needs.h"
#include "daemon/log/log.h"
#include "daemon/os/error.h"

namespace mqueue::confinement {

/// What a daemon that has started must still be able to do. Everything else is denied.
struct SandboxNeeds {
  /// Directories that stay readable, with all that they contain.
  std::vector<std::string> directories;
  /// The same for directories that are open: a detached mount has no path. Not owned.
  std::vector<int> open_directories;
  /// Files that are read again later. Their directories stay readable, since a file is often replaced and not
  /// rewritten.
  std::vector<std::string> files;
  /// Where an mqueue file system may be mounted later; empty if it is mounted.
  std::string awaited_mount;
  /// The calls of the readers that the kernel was seen to support.
  std::vector<ReaderCall> calls;
};

/// Confines the process to reading, step by step, and logs each step. With --no-sandbox it confines nothing, and logs
/// that. Not thread-safe; each step precedes the second thread of the process.
class Sandbox {
 public:
  /// `enabled` is --sandbox.
  Sandbox(bool enabled, log::Log log) : enabled_(enabled), log_(std::move(log)) {}

  /// The first step, before anything is probed: gives up the capabilities that `plan` does not need. Returns false and
  /// logs the reason if it failed; the process must then end.
  bool Begin(const CapabilityPlan& plan);

  /// The second step, when everything is loaded, mounted and bound: gives up the capabilities that only the start
  /// needed, and lets the kernel deny everything but `needs`. Returns false as Begin does.
  bool Close(const SandboxNeeds& needs);

  /// Why the process cannot obey a configuration with `plan`: it needs capabilities that were given up. Empty if it
  /// can.
  std::string Objection(const CapabilityPlan& plan) const;

 private:
  bool ConfineFiles(const SandboxNeeds& needs, const Capabilities& kept) const;
  bool Refuse(const os::Error& error) const;

  const bool enabled_;
  const log::Log log_;
  std::optional<Privileges> privileges_;
};

}  // namespace mqueue::confinement

#endif  // DAEMON_CONFINEMENT_SANDBOX_H_
