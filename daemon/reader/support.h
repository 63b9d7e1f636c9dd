#ifndef DAEMON_READER_SUPPORT_H_
#define DAEMON_READER_SUPPORT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/os/error.h"
#include "daemon/os/mqueue_directory.h"
#include "daemon/reader/reader.h"

namespace mqueue::reader {

/// Whether a reader can work at all here.
struct Support {
  ReaderKind reader = ReaderKind::kAttr;
  bool supported = false;
  /// Why not; empty when supported.
  std::string obstacle;
};

using DirectoryResult = os::Result<std::shared_ptr<const os::MqueueDirectory>>;

/// Asks the running kernel once, for every reader there is, without touching a queue. `directory` is where POSIX queues
/// are listed and opened, or why there is none.
std::vector<Support> ProbeReaders(const DirectoryResult& directory);

/// Bounds of a single look.
struct ReaderOptions {
  /// peek.max_messages.msg_copy.
  std::uint64_t msg_copy_max_messages = 256;
};

/// The readers that `support` names as supported, best first, as a Ladder takes them.
std::vector<std::unique_ptr<Reader>> MakeReaders(const std::vector<Support>& support, const DirectoryResult& directory,
                                                 const ReaderOptions& options, const Clock& clock);

}  // namespace mqueue::reader

#endif  // DAEMON_READER_SUPPORT_H_
