#include "daemon/reader/support.h"

#include <algorithm>

namespace mqueue::reader {

bool IsSupported(const std::vector<Support>& support, ReaderKind reader) {
  return std::ranges::any_of(support, [reader](const Support& s) { return s.reader == reader && s.supported; });
}

}  // namespace mqueue::reader
