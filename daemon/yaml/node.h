#ifndef DAEMON_YAML_NODE_H_
#define DAEMON_YAML_NODE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/yaml/problems.h"

namespace mqueue::yaml {

/// A piece of a YAML document, owning all below it.
struct Node {
  enum class Kind : std::uint8_t { kNull, kScalar, kList, kMapping };

  Kind kind = Kind::kNull;
  /// Where it begins. A missing value has the position of its key, a missing item that of its dash.
  Position at;
  /// Of a scalar: its text, and whether it stood in quotes or as a block.
  std::string text;
  bool quoted = false;
  /// Of a value in a mapping: its key.
  std::string key;
  Position key_at;
  /// Items of a list, values of a mapping; in the order of the text.
  std::vector<Node> children;
};

/// No setting is nested deeper, and the parser recurses. Counts the levels of aliases too.
inline constexpr std::size_t kMaxDepth = 16;

/// Bytes that the values of all anchors and aliases of a text may take together. Bounds what a few lines of aliases to
/// aliases expand to.
inline constexpr std::size_t kMaxAliasedBytes = 1 << 20;

/// Reads a text of one YAML document. Without a document the result is a kNull.
///
/// - A repeated key is a problem; both values stay in the tree.
/// - An alias becomes a copy of its anchor's value. The copy keeps the position of the original.
/// - `<<` merges the keys of a mapping, or of a list of mappings: keys of the mapping itself win, then those of earlier
///   mappings in the list. The tree has no `<<`.
/// - `!!str` makes a text as quotes do. `!!int`, `!!float`, `!!bool`, `!!map` and `!!seq` are accepted and change
///   nothing.
/// - Refused: a second document, other tags, keys that are not text, more than kMaxDepth levels, more than
///   kMaxAliasedBytes of aliases.
///
/// Returns nothing if the text could not be read to its end; there is then at least one problem. Throws nothing; any
/// bytes are safe.
std::optional<Node> Parse(std::string_view text, Problems& problems);

}  // namespace mqueue::yaml

#endif  // DAEMON_YAML_NODE_H_
