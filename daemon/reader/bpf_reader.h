#ifndef DAEMON_READER_BPF_READER_H_
#define DAEMON_READER_BPF_READER_H_

#include <memory>

#include "daemon/bpf/census.h"
#include "daemon/reader/reader.h"

namespace mqueue::reader {

/// Queues of both kinds and of every IPC namespace, from the picture that discovery had taken for this round
/// (bpf::Census): no queue is opened, and a look costs nothing more. What taking it has cost is charged to the first
/// budget that comes. A queue that is not in the picture is handed down to the next reader.
class BpfReader final : public Reader {
 public:
  explicit BpfReader(std::shared_ptr<bpf::Census> census) : census_(std::move(census)) {}

  ReaderKind kind() const override { return ReaderKind::kBpf; }
  bool ReachesOtherNamespaces() const override { return true; }
  std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, CpuBudget& budget) override;

 private:
  std::shared_ptr<bpf::Census> census_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_BPF_READER_H_
