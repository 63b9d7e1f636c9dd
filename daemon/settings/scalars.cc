#include "daemon/settings/scalars.h"

#include <fmt/core.h>

#include <string>

#include "daemon/settings/duration.h"

namespace mqueue::settings {
namespace {

using yaml::Node;
using yaml::Problems;
using yaml::Range;

std::string ReaderNames() {
  std::string names = "auto";
  for (const ReaderDescription& reader : kReaderDescriptions) names += fmt::format(", {}", reader.name);
  return names;
}

}  // namespace

void ReadDuration(const Node& value, Range<std::chrono::milliseconds> range, std::chrono::milliseconds& into,
                  Problems& problems) {
  const auto duration = value.kind == Node::Kind::kScalar ? ParseDuration(value.text) : std::nullopt;
  if (!duration || *duration < range.low || *duration > range.high) {
    return AddUnfit(value,
                    fmt::format("a duration from {} to {}, such as 500ms, 5s or 1m30s", FormatDuration(range.low),
                                FormatDuration(range.high)),
                    problems);
  }
  into = *duration;
}

void ReadReader(const Node& value, std::optional<ReaderKind>& into, Problems& problems) {
  const std::optional<ReaderKind> reader = ReaderKindFromString(value.text);
  if (!reader && value.text != "auto") return AddUnfit(value, fmt::format("one of {}", ReaderNames()), problems);
  into = reader;
}

void ReadNamespaces(const Node& value, Namespaces& into, Problems& problems) {
  if (value.text != "own" && value.text != "all") return AddUnfit(value, "own or all", problems);
  into = value.text == "own" ? Namespaces::kOwn : Namespaces::kAll;
}

void ReadIpc(const Node& value, std::optional<Ipc>& into, Problems& problems) {
  for (const Ipc ipc : {Ipc::kPosix, Ipc::kSysv}) {
    if (value.text != ToString(ipc)) continue;
    into = ipc;
    return;
  }
  AddUnfit(value, "posix or sysv", problems);
}

}  // namespace mqueue::settings
