#include "daemon/protection.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "daemon/rights.h"
#include "daemon/sandbox/file_access.h"
#include "daemon/sandbox/system_calls.h"

namespace mqueue {

namespace {

using sandbox::Capabilities;

// Landlock finds a mount that comes later only by the directory that its mount point is in, and then allows all that is
// in there. So this is for processes that may open nothing in it but what everybody may; others need a restart.
std::string ParentToAllow(const std::filesystem::path& mount_point, const Capabilities& kept) {
  const auto parent = mount_point.lexically_normal().parent_path();
  const bool reads_all = ::geteuid() == 0 || kept.contains(sandbox::Capability::kDacReadSearch);
  return reads_all || parent == parent.root_path() ? "" : parent.string();
}

// With their directories, since a file is often replaced and not rewritten.
sandbox::Readable ReadableOf(const pipeline::Host& host, const std::vector<std::string>& files,
                             const Capabilities& kept) {
  sandbox::Readable readable{.paths = {host.procfs}, .directories = {}};
  for (const std::string& file : files) {
    for (std::string& directory : sandbox::DirectoriesFor(file)) readable.paths.push_back(std::move(directory));
  }
  if (!host.mqueue_directory) return readable;
  if (const auto awaited = (*host.mqueue_directory)->awaited()) {
    if (const auto parent = ParentToAllow(awaited->path, kept); !parent.empty()) readable.paths.push_back(parent);
  } else {
    readable.directories.push_back((*host.mqueue_directory)->descriptor());
  }
  return readable;
}

sandbox::ReaderCalls CallsOf(const pipeline::Host& host) {
  const auto has = [&host](ReaderKind reader) { return reader::IsSupported(host.readers, reader); };
  return {.syscall = has(ReaderKind::kSyscall),
          .fcntl = has(ReaderKind::kFcntl),
          .snapshot = has(ReaderKind::kSnapshot),
          .bpf = has(ReaderKind::kBpf)};
}

}  // namespace

Protection::Protection(const settings::Flags& flags, log::Log log) : wanted_(flags.sandbox), log_(std::move(log)) {}

bool Protection::Begin(const settings::Settings& settings) {
  if (!wanted_) {
    log_.Warn("runs without its sandbox, for debugging only: whoever takes it over has all of its rights");
    return true;
  }
  auto begun = sandbox::Privileges::Begin(RightsFor(settings));
  if (!begun) return Refuse(begun.error());
  privileges_ = *std::move(begun);
  if (::geteuid() == 0) {
    log_.Warn(
        "runs as root, whose files and queues it may open; a user of its own needs no right but those it is given",
        {{"held", sandbox::ToString(privileges_->held())}});
  }
  return true;
}

bool Protection::Started(const pipeline::Host& host, const std::vector<std::string>& files) {
  if (!privileges_) return true;
  if (const auto started = privileges_->Started(); !started) return Refuse(started.error());
  if (!ConfineFiles(host, files)) return false;
  if (const auto confined = sandbox::ConfineSystemCalls(CallsOf(host)); !confined) return Refuse(confined.error());
  log_.Info("confined to looking", {{"capabilities", sandbox::ToString(privileges_->kept())}});
  return true;
}

std::string Protection::Objection(const settings::Settings& settings) const {
  if (!privileges_) return "";
  const auto missing = privileges_->GivenUp(RightsFor(settings));
  if (missing.empty()) return "";
  return "restart needed: it takes " + sandbox::ToString(missing) +
         ", which the exporter gave up at start because its configuration had no use for it";
}

bool Protection::ConfineFiles(const pipeline::Host& host, const std::vector<std::string>& files) const {
  const auto kept = privileges_ ? privileges_->kept() : Capabilities{};
  const auto confined = sandbox::ConfineFiles(ReadableOf(host, files, kept));
  if (confined) return true;
  if (confined.error().code != ENOSYS && confined.error().code != EOPNOTSUPP) return Refuse(confined.error());
  log_.Warn("there is no Landlock here: files are protected by their modes, and by the unit or container, alone");
  return true;
}

bool Protection::Refuse(const os::Error& error) const {
  log_.Error("cannot start", {{"error", error.message}});
  return false;
}

}  // namespace mqueue
