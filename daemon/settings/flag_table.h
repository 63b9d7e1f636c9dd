#ifndef DAEMON_SETTINGS_FLAG_TABLE_H_
#define DAEMON_SETTINGS_FLAG_TABLE_H_

#include <span>
#include <string>
#include <string_view>

#include "daemon/settings/flags.h"

namespace mqueue::settings {

/// One flag of the command line.
struct FlagSpec {
  /// Without the leading dashes.
  std::string_view name;
  /// What the help calls its value; empty for a flag that is on or off.
  std::string_view value_name;
  std::string_view help;
  /// Stores the value ("true" or "false" for a switch) in the flags. If the value is unfit, returns what would be
  /// right; otherwise an empty text.
  std::string (*set)(std::string_view value, Flags& flags);
  /// The default that the help shows, from a default-constructed Flags; null to show none.
  std::string (*default_of)(const Flags& defaults) = nullptr;
  bool repeatable = false;

  bool IsSwitch() const { return value_name.empty(); }
};

/// Every flag, in the order of the help.
std::span<const FlagSpec> FlagTable();

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_FLAG_TABLE_H_
