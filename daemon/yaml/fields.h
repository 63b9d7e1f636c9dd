#ifndef DAEMON_YAML_FIELDS_H_
#define DAEMON_YAML_FIELDS_H_

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/yaml/node.h"
#include "daemon/yaml/problems.h"

namespace mqueue::yaml {

/// One key of a mapping that is read into a T.
template <typename T>
struct Field {
  std::string_view key;
  /// Reads the key's value into the T, or adds problems.
  void (*read)(const Node& value, T& into, Problems& problems);
  /// The keys below this one as KeysOf has them, each behind "." or, for a list's items, "[]."; null when there are
  /// none.
  std::vector<std::string> (*below)() = nullptr;
};

/// All keys of the fields and below them, as "a", "a.b", "list[].c".
template <typename T>
std::vector<std::string> KeysOf(std::span<const Field<T>> fields) {
  std::vector<std::string> keys;
  for (const Field<T>& field : fields) {
    keys.emplace_back(field.key);
    if (field.below == nullptr) continue;
    std::ranges::transform(field.below(), std::back_inserter(keys),
                           [&](const std::string& below) { return std::string(field.key) + below; });
  }
  return keys;
}

/// `keys`, each behind `prefix`: for Field::below.
std::vector<std::string> Prefixed(std::string_view prefix, std::vector<std::string> keys);

/// Adds a problem for each key of the mapping that is not among `known`.
void ReportUnknownKeys(const Node& mapping, std::span<const std::string_view> known, Problems& problems);

/// The value of a key, the first if it is doubled; null when there is none.
const Node* Find(const Node& mapping, std::string_view key);

/// Whether the value is a mapping with something in it; adds a problem when it is neither that nor empty. A key whose
/// values are all commented out is empty.
bool HasMapping(const Node& value, Problems& problems);
/// The same for a list.
bool HasList(const Node& value, Problems& problems);

/// Reads a mapping, in the order of the fields and not of the text, so that a field may build on those before it. What
/// the mapping does not name is left alone.
template <typename T>
void ReadMapping(const Node& value, std::span<const Field<T>> fields, T& into, Problems& problems) {
  if (!HasMapping(value, problems)) return;
  std::vector<std::string_view> known;
  std::ranges::transform(fields, std::back_inserter(known), &Field<T>::key);
  ReportUnknownKeys(value, known, problems);
  for (const Field<T>& field : fields) {
    if (const Node* child = Find(value, field.key)) field.read(*child, into, problems);
  }
}

}  // namespace mqueue::yaml

#endif  // DAEMON_YAML_FIELDS_H_
