#ifndef DAEMON_SETTINGS_SCALARS_H_
#define DAEMON_SETTINGS_SCALARS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/queue/queue_ref.h"
#include "daemon/queue/queue_snapshot.h"
#include "daemon/settings/namespaces.h"
#include "daemon/settings/problems.h"
#include "daemon/settings/yaml_node.h"

namespace mqueue::settings {

// Each Read… sets `into` from the value of a key, or leaves it alone and adds a problem.

/// Both ends belong to it.
template <typename T>
struct Range {
  T low;
  T high;
};

/// Any text, quoted or not, but none.
void ReadText(const YamlNode& value, std::string_view wanted, std::string& into, Problems& problems);
/// true or false.
void ReadBool(const YamlNode& value, bool& into, Problems& problems);
/// A whole number in decimal digits.
void ReadInteger(const YamlNode& value, Range<std::uint64_t> range, std::uint64_t& into, Problems& problems);
/// A number, with or without a decimal point.
void ReadNumber(const YamlNode& value, Range<double> range, double& into, Problems& problems);
/// A duration as ParseDuration reads it, quoted or not.
void ReadDuration(const YamlNode& value, Range<std::chrono::milliseconds> range, std::chrono::milliseconds& into,
                  Problems& problems);
/// The name of a reader; `auto` is none.
void ReadReader(const YamlNode& value, std::optional<ReaderKind>& into, Problems& problems);
/// own or all.
void ReadNamespaces(const YamlNode& value, Namespaces& into, Problems& problems);
/// posix or sysv.
void ReadIpc(const YamlNode& value, std::optional<Ipc>& into, Problems& problems);

/// The number that the whole of an unquoted scalar is, if it is one within `range`.
std::optional<std::uint64_t> IntegerIn(const YamlNode& value, Range<std::uint64_t> range);

/// Adds the problem that `subject` is this value where `wanted` should be.
void AddUnfit(const YamlNode& value, std::string_view subject, std::string_view wanted, Problems& problems);
/// The same for a value that must stand without quotes; says so if it has them.
void AddNotBare(const YamlNode& value, std::string_view subject, std::string_view wanted, Problems& problems);

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_SCALARS_H_
