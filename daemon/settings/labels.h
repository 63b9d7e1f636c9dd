#ifndef DAEMON_SETTINGS_LABELS_H_
#define DAEMON_SETTINGS_LABELS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "daemon/yaml/node.h"
#include "daemon/yaml/problems.h"

namespace mqueue::settings {

/// Labels of one rule, and bytes of their names and values together. Every series of a queue has them, so that they
/// decide how much memory the exposition takes.
inline constexpr std::size_t kMostLabels = 64;
inline constexpr std::size_t kMostLabelBytes = 2048;

/// Reads a mapping of label names to values, in the order of the text. Adds a problem for a name that Prometheus does
/// not accept, that it reserves, or that the exporter uses itself, for an empty value, and for more than kMostLabels or
/// kMostLabelBytes. Warns of a name that Prometheus replaces.
void ReadLabels(const yaml::Node& value, std::vector<std::pair<std::string, std::string>>& into,
                yaml::Problems& problems);

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_LABELS_H_
