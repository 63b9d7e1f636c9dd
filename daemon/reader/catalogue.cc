#include "daemon/reader/catalogue.h"

#include <linux/bpf.h>
#include <sys/syscall.h>

#include "daemon/reader/attr_reader.h"
#include "daemon/reader/bpf_reader.h"
#include "daemon/reader/fcntl_reader.h"
#include "daemon/reader/msg_copy_reader.h"
#include "daemon/reader/msg_stat_reader.h"
#include "daemon/reader/snapshot_reader.h"
#include "daemon/reader/syscall_reader.h"
#include "kernel/uapi/mqueue_peek.h"

namespace mqueue::reader {
namespace {

using confinement::Capability;
using confinement::ReaderCall;

// To open a POSIX queue whose mode denies it, to read a SysV one, and to load the BPF programs.
constexpr Capability kOpen[] = {Capability::kDacReadSearch};
constexpr Capability kIpc[] = {Capability::kIpcOwner};
constexpr Capability kLoad[] = {Capability::kBpf, Capability::kPerfmon};

constexpr ReaderCall kSnapshotCalls[] = {{.number = SYS_ioctl, .argument = 1, .value = MQ_IOC_SNAPSHOT}};
constexpr ReaderCall kFcntlCalls[] = {{.number = SYS_fcntl, .argument = 1, .value = F_MQ_PEEK}};
// Without MQ_PEEK it receives.
constexpr ReaderCall kSyscallCalls[] = {
    {.number = __NR_mq_timedreceive2, .argument = 2, .value = MQ_PEEK, .deadly_otherwise = true}};
// Of a link that is loaded already.
constexpr ReaderCall kBpfCalls[] = {{.number = SYS_bpf, .argument = 0, .value = BPF_ITER_CREATE}};

constexpr CatalogueEntry kCatalogue[] = {
    {.needs = {.kind = ReaderKind::kSnapshot, .to_read = kOpen, .opens_queues = true, .calls = kSnapshotCalls},
     .probe = SnapshotReader::Probe,
     .make = [](const ReaderInputs& in) -> std::unique_ptr<Reader> {
       return std::make_unique<SnapshotReader>(*in.directory, in.clock);
     }},
    {.needs = {.kind = ReaderKind::kFcntl, .to_read = kOpen, .opens_queues = true, .calls = kFcntlCalls},
     .probe = FcntlReader::Probe,
     .make = [](const ReaderInputs& in) -> std::unique_ptr<Reader> {
       return std::make_unique<FcntlReader>(*in.directory, in.options.fcntl_max_messages, in.options.digest, in.clock);
     }},
    {.needs = {.kind = ReaderKind::kSyscall, .to_read = kOpen, .opens_queues = true, .calls = kSyscallCalls},
     .probe = SyscallReader::Probe,
     .make = [](const ReaderInputs& in) -> std::unique_ptr<Reader> {
       return std::make_unique<SyscallReader>(*in.directory, in.options.syscall_max_messages, in.options.digest,
                                              in.clock);
     }},
    {.needs = {.kind = ReaderKind::kBpf, .to_start = kLoad, .calls = kBpfCalls},
     .probe = BpfReader::Probe,
     .make = [](const ReaderInputs&) -> std::unique_ptr<Reader> { return std::make_unique<BpfReader>(); }},
    {.needs = {.kind = ReaderKind::kAttr, .to_read = kOpen, .opens_queues = true},
     .probe = AttrReader::Probe,
     .make = [](const ReaderInputs& in) -> std::unique_ptr<Reader> {
       return std::make_unique<AttrReader>(*in.directory, in.clock);
     }},
    {.needs = {.kind = ReaderKind::kMsgCopy, .to_read = kIpc},
     .probe = MsgCopyReader::Probe,
     .make = [](const ReaderInputs& in) -> std::unique_ptr<Reader> {
       return std::make_unique<MsgCopyReader>(in.options.msg_copy_max_messages, in.options.digest, in.clock);
     }},
    {.needs = {.kind = ReaderKind::kMsgStat},
     .probe = MsgStatReader::Probe,
     .make = [](const ReaderInputs& in) -> std::unique_ptr<Reader> {
       return std::make_unique<MsgStatReader>(in.clock);
     }},
};

}  // namespace

std::span<const CatalogueEntry> Catalogue() { return kCatalogue; }

std::vector<confinement::ReaderNeeds> NeedsOf(std::span<const CatalogueEntry> catalogue) {
  std::vector<confinement::ReaderNeeds> needs;
  for (const CatalogueEntry& entry : catalogue) needs.push_back(entry.needs);
  return needs;
}

std::vector<Support> ProbeReaders(const DirectoryResult& directory, const ProbeOptions& options,
                                  std::span<const CatalogueEntry> catalogue) {
  const ProbeContext context(directory, options);
  std::vector<Support> support;
  for (const CatalogueEntry& entry : catalogue) {
    support.push_back(entry.probe(context));
    support.back().reader = entry.needs.kind;
  }
  return support;
}

std::vector<std::unique_ptr<Reader>> MakeReaders(const std::vector<Support>& support, const ReaderInputs& inputs,
                                                 std::span<const CatalogueEntry> catalogue) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (const CatalogueEntry& entry : catalogue) {
    if (IsSupported(support, entry.needs.kind)) readers.push_back(entry.make(inputs));
  }
  return readers;
}

}  // namespace mqueue::reader
