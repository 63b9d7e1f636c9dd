#ifndef DAEMON_SETTINGS_YAML_NODE_H_
#define DAEMON_SETTINGS_YAML_NODE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/settings/problems.h"

namespace mqueue::settings {

/// A piece of a YAML document, owning all below it.
struct YamlNode {
  enum class Kind : std::uint8_t { kNull, kScalar, kList, kMapping };

  Kind kind = Kind::kNull;
  /// Where it begins; for a value that is missing, where its key begins.
  Position at;
  /// Of a scalar: its text, and whether it stood in quotes or as a block.
  std::string text;
  bool quoted = false;
  /// Of a value in a mapping: its key.
  std::string key;
  Position key_at;
  /// Items of a list, values of a mapping; in the order of the text.
  std::vector<YamlNode> children;
};

/// A file has nothing to say at a greater depth, and the parser recurses.
inline constexpr std::size_t kMaxYamlDepth = 16;

/// Reads a text of one YAML document, or none, which is a kNull. Doubled keys are problems, both values then stand in
/// the tree. What this file format has no use for and what makes others expensive is refused: a second document,
/// aliases, tags, keys that are not plain text, deep nesting. Nothing when the text could not be read to its end: there
/// is then at least one problem. Throws nothing; any bytes are safe.
std::optional<YamlNode> ParseYaml(std::string_view text, Problems& problems);

}  // namespace mqueue::settings

#endif  // DAEMON_SETTINGS_YAML_NODE_H_
