#include "daemon/protection.h"

#include <unistd.h>

#include <optional>
#include <utility>

#include "daemon/rights.h"
#include "daemon/sandbox/privileges.h"

namespace mqueue {

class Protection::Impl {
 public:
  Impl(bool wanted, log::Log log) : wanted_(wanted), log_(std::move(log)) {}

  bool Begin(const settings::Settings& settings) {
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

  bool Started() {
    if (!privileges_) return true;
    if (const auto started = privileges_->Started(); !started) return Refuse(started.error());
    log_.Info("gave up every capability but these", {{"kept", sandbox::ToString(privileges_->kept())}});
    return true;
  }

  std::string Objection(const settings::Settings& settings) const {
    if (!privileges_) return "";
    const auto missing = privileges_->GivenUp(RightsFor(settings));
    if (missing.empty()) return "";
    return "restart needed: it takes " + sandbox::ToString(missing) +
           ", which the exporter gave up at start because its configuration had no use for it";
  }

 private:
  bool Refuse(const os::Error& error) const {
    log_.Error("cannot start", {{"error", error.message}});
    return false;
  }

  const bool wanted_;
  const log::Log log_;
  std::optional<sandbox::Privileges> privileges_;
};

Protection::Protection(const settings::Flags& flags, const log::Log& log)
    : impl_(std::make_unique<Impl>(flags.sandbox, log)) {}

Protection::~Protection() = default;

bool Protection::Begin(const settings::Settings& settings) { return impl_->Begin(settings); }

bool Protection::Started() { return impl_->Started(); }

std::string Protection::Objection(const settings::Settings& settings) const { return impl_->Objection(settings); }

}  // namespace mqueue
