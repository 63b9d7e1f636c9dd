#ifndef DAEMON_BPF_PAGE_READER_H_
#define DAEMON_BPF_PAGE_READER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "daemon/bpf/layout.h"
#include "daemon/bpf/walk.h"

namespace mqueue::bpf {

/// Puts together a walk from the pages that the programs report it in. Believes no number of a page: an index beyond
/// its end is ignored.
class PageReader {
 public:
  /// `queues`: how many are expected. Any number may come.
  explicit PageReader(std::size_t queues = 0) { queues_.reserve(queues); }

  /// Namespaces that were met, in order.
  void AddSpaces(std::span<const BpfSpace> spaces);

  /// A page: queues that were met, and runs of messages whose `queue` is an index into `queues`. With `continued`, the
  /// first queue is the last one of the page before, met again with more runs.
  void Add(std::span<const BpfQueue> queues, std::span<const BpfRun> runs, bool continued);

  /// The namespace that was added last has ended: its queues are left out.
  void LastSpaceEnded();

  /// The walk; nothing is to be added after that.
  Walk Finish();

 private:
  std::vector<Space> spaces_;
  /// Indices into `spaces_`, in order.
  std::vector<std::uint64_t> ended_;
  std::vector<WalkedQueue> queues_;
};

}  // namespace mqueue::bpf

#endif  // DAEMON_BPF_PAGE_READER_H_
