#ifndef DAEMON_READER_BPF_READER_H_
#define DAEMON_READER_BPF_READER_H_

#include "daemon/reader/probe_context.h"
#include "daemon/reader/reader.h"

namespace mqueue::reader {

/// Queues of both kinds and of every IPC namespace, from the host snapshot that discovery took for the round: no queue
/// is opened. A queue that is not in it falls to the next reader, and so do all when there is no host snapshot.
class BpfReader final : public Reader {
 public:
  /// Whether it works on the running kernel.
  static Support Probe(const ProbeContext& context);

  ReaderKind kind() const override { return ReaderKind::kBpf; }
  bool ReachesOtherNamespaces() const override { return true; }
  std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, RoundContext& context) override;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_BPF_READER_H_
