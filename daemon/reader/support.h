#ifndef DAEMON_READER_SUPPORT_H_
#define DAEMON_READER_SUPPORT_H_

#include <string>
#include <vector>

#include "daemon/queue/reader_kind.h"

namespace mqueue::reader {

/// Whether a reader can work at all here: the outcome of its probe.
struct Support {
  ReaderKind reader = ReaderKind::kAttr;
  bool supported = false;
  /// False if the probe could not run (no descriptor, memory, queue quota or permission). The reader then counts as not
  /// supported.
  bool known = true;
  /// Why it is not supported or not known; empty if it is supported.
  std::string obstacle;
};

/// Whether the reader is among those and supported.
bool IsSupported(const std::vector<Support>& support, ReaderKind reader);

}  // namespace mqueue::reader

#endif  // DAEMON_READER_SUPPORT_H_
