#ifndef DAEMON_YAML_SCALARS_H_
#define DAEMON_YAML_SCALARS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/yaml/node.h"
#include "daemon/yaml/problems.h"

namespace mqueue::yaml {

// Each Read… function sets `into` from the value of a key, or leaves it alone and adds a problem.

/// Includes both ends.
template <typename T>
struct Range {
  T low;
  T high;
};

/// Any text that is not empty, quoted or not.
void ReadText(const Node& value, std::string_view wanted, std::string& into, Problems& problems);
/// true or false.
void ReadBool(const Node& value, bool& into, Problems& problems);
/// A whole number in decimal digits.
void ReadInteger(const Node& value, Range<std::uint64_t> range, std::uint64_t& into, Problems& problems);
/// A number, with or without a decimal point.
void ReadNumber(const Node& value, Range<double> range, double& into, Problems& problems);

/// The number that the whole of an unquoted scalar is, if it is one within `range`.
std::optional<std::uint64_t> IntegerIn(const Node& value, Range<std::uint64_t> range);

/// Adds a problem: the value of `value.key` should be `wanted`.
void AddUnfit(const Node& value, std::string_view wanted, Problems& problems);
/// The same with another subject than the key.
void AddUnfit(const Node& value, std::string_view subject, std::string_view wanted, Problems& problems);
/// The same for a value that must not have quotes; says so if it has them.
void AddNotBare(const Node& value, std::string_view wanted, Problems& problems);
void AddNotBare(const Node& value, std::string_view subject, std::string_view wanted, Problems& problems);

}  // namespace mqueue::yaml

#endif  // DAEMON_YAML_SCALARS_H_
