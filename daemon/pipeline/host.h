#ifndef DAEMON_PIPELINE_HOST_H_
#define DAEMON_PIPELINE_HOST_H_

#include <string>
#include <vector>

#include "daemon/queue/queue_ref.h"
#include "daemon/queue/queue_snapshot.h"
#include "daemon/reader/message_digest.h"
#include "daemon/reader/probe_context.h"
#include "daemon/reader/support.h"

namespace mqueue::pipeline {

/// What the running system supports; found once, at start.
struct Host {
  IpcNamespace ipc_namespace;
  /// Where POSIX queues are listed and opened; it may be awaited. An error if the kernel has no POSIX queues.
  reader::DirectoryResult mqueue_directory;
  /// Why it could not be checked that `mqueue_directory` belongs to this IPC namespace; empty if it was checked.
  std::string unchecked_directory;
  /// Takes host snapshots; an error where BPF programs cannot be loaded.
  reader::WalkerResult walker;
  std::vector<reader::Support> readers;
  /// The same for every plan, so that heads are recognised after a reload.
  reader::MessageDigest digest;
  std::string procfs;
};

struct HostOptions {
  /// --path.mqueuefs; empty: the first mqueue file system that is mounted, otherwise a detached mount.
  std::string mqueuefs;
  /// --path.procfs
  std::string procfs = "/proc";
  /// Readers that the configuration forces: they are probed even where the kernel does not name their system call.
  std::vector<ReaderKind> forced;
  /// Whether the configuration can use the reader bpf: its programs are loaded only then.
  bool load_bpf = true;
};

/// Probes the system. Never fails: the members of the result say what is missing. Nothing is probed later, so call it
/// before the system calls of the process are restricted.
Host FindHost(const HostOptions& options);

/// Whether `host` supports another reader for the kind of queue that `reader` is for.
bool HasReaderBeside(const Host& host, ReaderKind reader);

}  // namespace mqueue::pipeline

#endif  // DAEMON_PIPELINE_HOST_H_
