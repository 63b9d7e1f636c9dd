#ifndef DAEMON_SETTINGS_SCALARS_H_
#define DAEMON_SETTINGS_SCALARS_H_

#include <chrono>
#include <optional>

#include "daemon/queue/queue_ref.h"
#include "daemon/queue/queue_snapshot.h"
#include "daemon/settings/namespaces.h"
#include "daemon/yaml/node.h"
#include "daemon/yaml/problems.h"
#include "daemon/yaml/scalars.h"

namespace mqueue::settings {

// As in daemon/yaml/scalars.h, for types that only the settings have.

/// A duration as ParseDuration reads it, quoted or not.
void ReadDuration(const yaml::Node& value, yaml::Range<std::chrono::milliseconds> range,
                  std::chrono::milliseconds& into, yaml::Problems& problems);
/// The name of a reader; `auto` is none.
void ReadReader(const yaml::Node& value, std::optional<ReaderKind>& into, yaml::Problems& problems);
/// own or all.
void ReadNamespaces(const yaml::Node& value, Namespaces& into, yaml::Problems& problems);
/// posix or sysv.
void ReadIpc(const yaml::Node& value, std::optional<Ipc>& into, yaml::Problems& problems);

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_SCALARS_H_
