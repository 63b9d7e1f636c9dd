#ifndef DAEMON_BPF_PAGE_READER_H_
#define DAEMON_BPF_PAGE_READER_H_

#include <span>
#include <vector>

#include "daemon/bpf/layout.h"
#include "daemon/bpf/walk.h"

namespace mqueue::bpf {

/// Puts together a walk from the pages that the programs report it in. Believes no number of a page: an index beyond
/// its end is ignored.
class PageReader {
 public:
  /// A page: queues that were met, and runs of messages whose `queue` is an index into `queues`. With `continued`, the
  /// first queue is the last one of the page before, met again with more runs.
  void Add(std::span<const BpfQueue> queues, std::span<const BpfRun> runs, bool continued);

  /// The walk, complete with the namespaces that were met; nothing is to be added after that. Queues of namespaces
  /// whose index is in `ended` are left out.
  Walk Finish(std::span<const BpfSpace> spaces, const std::vector<std::uint64_t>& ended);

 private:
  std::vector<WalkedQueue> queues_;
};

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_PAGE_READER_H_
