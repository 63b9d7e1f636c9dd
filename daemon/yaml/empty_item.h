#ifndef DAEMON_YAML_EMPTY_ITEM_H_
#define DAEMON_YAML_EMPTY_ITEM_H_

#include <cstddef>
#include <string_view>

#include "daemon/yaml/problems.h"

namespace mqueue::yaml {

/// Where the YAML parser saw a list item that has no value.
struct Mark {
  /// Bytes before it in the text.
  std::size_t offset = 0;
  Position at;
};

/// The place of the item's dash. The parser reports an empty block item at the token after it, which may be lines
/// further down or past the end of the text. Returns `mark.at` for an item whose null is written out (`~`), and for an
/// empty item in brackets. Reads back to the dash and no further.
Position EmptyItemAt(std::string_view text, const Mark& mark);

}  // namespace mqueue::yaml

#endif  // DAEMON_YAML_EMPTY_ITEM_H_
