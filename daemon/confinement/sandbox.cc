#include "daemon/confinement/sandbox.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "daemon/confinement/file_access.h"
#include "daemon/confinement/system_calls.h"

namespace mqueue::confinement {
namespace {

// Landlock allows a future mount only through the directory that contains its mount point, and with it everything else
// in that directory. So this is for processes that may open nothing there but what everybody may; others need a
// restart. Empty if the directory must not be allowed.
std::string ParentToAllow(const std::filesystem::path& mount_point, const Capabilities& kept) {
  const auto parent = mount_point.lexically_normal().parent_path();
  const bool reads_all = ::geteuid() == 0 || kept.contains(Capability::kDacReadSearch);
  return reads_all || parent == parent.root_path() ? "" : parent.string();
}

Readable ReadableFor(const SandboxNeeds& needs, const Capabilities& kept) {
  Readable readable{.paths = needs.directories, .directories = needs.open_directories};
  for (const std::string& file : needs.files) {
    for (std::string& directory : DirectoriesFor(file)) readable.paths.push_back(std::move(directory));
  }
  if (needs.awaited_mount.empty()) return readable;
  if (auto parent = ParentToAllow(needs.awaited_mount, kept); !parent.empty()) {
    readable.paths.push_back(std::move(parent));
  }
  return readable;
}

}  // namespace

bool Sandbox::Begin(const CapabilityPlan& plan) {
  if (!enabled_) {
    log_.Warn("runs without its sandbox, for debugging only: whoever takes it over has all of its rights");
    return true;
  }
  auto begun = Privileges::Begin(plan);
  if (!begun) return Refuse(begun.error());
  privileges_ = *std::move(begun);
  if (::geteuid() == 0) {
    log_.Warn(
        "runs as root, whose files and queues it may open; a user of its own needs no right but those it is given",
        {{"held", ToString(privileges_->held())}});
  }
  return true;
}

bool Sandbox::Close(const SandboxNeeds& needs) {
  if (!privileges_) return true;
  if (const auto started = privileges_->Started(); !started) return Refuse(started.error());
  if (!ConfineFiles(needs, privileges_->kept())) return false;
  if (const auto confined = ConfineSystemCalls(needs.calls); !confined) return Refuse(confined.error());
  log_.Info("confined to looking", {{"capabilities", ToString(privileges_->kept())}});
  return true;
}

std::string Sandbox::Objection(const CapabilityPlan& plan) const {
  if (!privileges_) return "";
  const auto missing = privileges_->GivenUp(plan);
  if (missing.empty()) return "";
  return "restart needed: it takes " + ToString(missing) +
         ", which the exporter gave up at start because its configuration had no use for it";
}

bool Sandbox::ConfineFiles(const SandboxNeeds& needs, const Capabilities& kept) const {
  const auto confined = confinement::ConfineFiles(ReadableFor(needs, kept));
  if (confined) return true;
  if (confined.error().code != ENOSYS && confined.error().code != EOPNOTSUPP) return Refuse(confined.error());
  log_.Warn("there is no Landlock here: files are protected by their modes, and by the unit or container, alone");
  return true;
}

bool Sandbox::Refuse(const os::Error& error) const {
  log_.Error("cannot start", {{"error", error.message}});
  return false;
}

}  // namespace mqueue::confinement
