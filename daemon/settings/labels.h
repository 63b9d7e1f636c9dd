#ifndef DAEMON_SETTINGS_LABELS_H_
#define DAEMON_SETTINGS_LABELS_H_

#include <string>
#include <utility>
#include <vector>

#include "daemon/settings/problems.h"
#include "daemon/settings/yaml_node.h"

namespace mqueue::settings {

/// Reads a mapping of label names to values, in the order of the text. A name is one that Prometheus takes from a
/// target and that none of the exporter's own labels has; a value is any text but none. Adds a problem for each other
/// one.
void ReadLabels(const YamlNode& value, std::vector<std::pair<std::string, std::string>>& into, Problems& problems);

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_LABELS_H_
