#ifndef DAEMON_READER_CATALOGUE_H_
#define DAEMON_READER_CATALOGUE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "daemon/confinement/reader_needs.h"
#include "daemon/queue/instant.h"
#include "daemon/reader/message_digest.h"
#include "daemon/reader/probe_context.h"
#include "daemon/reader/reader.h"
#include "daemon/reader/support.h"

namespace mqueue::reader {

/// Bounds of a single look. The defaults of the limits are those of settings::MaxMessages, so every caller sets them.
struct ReaderOptions {
  /// peek.max_messages.fcntl and .syscall.
  std::uint64_t fcntl_max_messages = 0;
  std::uint64_t syscall_max_messages = 0;
  /// peek.max_messages.msg_copy.
  std::uint64_t msg_copy_max_messages = 0;
  /// What heads are recognised by. Readers with the same digest recognise each other's heads.
  MessageDigest digest;
};

/// What a reader is made from.
struct ReaderInputs {
  /// A value if a reader of POSIX queues that opens them is made.
  const DirectoryResult& directory;
  const ReaderOptions& options;
  const Clock& clock;
};

/// Everything that the daemon knows of one reader: probing, the ladder, the sandbox, the capability plan and the
/// permission report work from this. Names and kinds of queues are in queue/reader_kind.h, for the configuration.
struct CatalogueEntry {
  confinement::ReaderNeeds needs;
  /// Asks the running kernel whether the reader works. `reader` of the result is not used.
  Support (*probe)(const ProbeContext& context);
  /// Called only if the reader is supported.
  std::unique_ptr<Reader> (*make)(const ReaderInputs& inputs);
};

/// The daemon's readers. For each kind of queue the best comes first.
std::span<const CatalogueEntry> Catalogue();

/// What the readers need of the process, in the same order.
std::vector<confinement::ReaderNeeds> NeedsOf(std::span<const CatalogueEntry> catalogue = Catalogue());

/// Probes every reader, in the same order. Creates a private queue and sends to it, and makes calls that the kernel may
/// not have, so call it before the sandbox is closed. Touches nobody's queue.
std::vector<Support> ProbeReaders(const DirectoryResult& directory, const ProbeOptions& options = {},
                                  std::span<const CatalogueEntry> catalogue = Catalogue());

/// The readers that `support` names as supported, in the same order: what a Ladder needs.
std::vector<std::unique_ptr<Reader>> MakeReaders(const std::vector<Support>& support, const ReaderInputs& inputs,
                                                 std::span<const CatalogueEntry> catalogue = Catalogue());

}  // namespace mqueue::reader

#endif  // DAEMON_READER_CATALOGUE_H_
