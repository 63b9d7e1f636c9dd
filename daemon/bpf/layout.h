#ifndef DAEMON_BPF_LAYOUT_H_
#define DAEMON_BPF_LAYOUT_H_

// What queues.bpf.c and the daemon hand each other, in maps that both can see. Read by a C compiler for BPF and by the
// daemon's C++ compiler: fixed sizes, no padding that matters, kernel addresses as numbers.

#include <linux/types.h>

// NOLINTBEGIN(performance-enum-size): C's have no other size.

/// Lengths of a name in the mqueue file system (NAME_MAX) and of a task's comm, with the NUL behind it.
enum { kBpfNameSize = 256, kBpfCommSize = 16 };

/// Room for the names of a control group's path. Paths of up to 768 bytes are reported whole.
enum { kBpfCgroupSize = 1024 };

/// Room of one page: what a run can report before the daemon has to empty it.
enum { kBpfSpaces = 256, kBpfQueues = 2048, kBpfRuns = 32768 };

/// Slots for the namespaces of one walk. WalkLimits::namespaces is half of it, so that a free one is found quickly.
enum { kBpfBegun = 1 << 17 };

/// Limits of one queue. Beyond them a walk leaves it: what it counted is not used. A POSIX queue of 65,536 messages in
/// 32,768 priorities, with as many waiters as are counted, stays below them.
///   kBpfStepsPerQueue: messages, tree nodes and waiters that a walk goes over.
///   kBpfRunsPerQueue: runs that it reports.
///   kBpfWaitersPerList: entries of a list of waiters; beyond it only their number is unknown.
enum { kBpfStepsPerQueue = 1 << 19, kBpfRunsPerQueue = 1 << 17, kBpfWaitersPerList = 1 << 16 };

enum BpfQueueKind { kBpfPosix = 0, kBpfSysv = 1 };

// NOLINTEND(performance-enum-size)

/// An IPC namespace, and a task that lives in it.
struct BpfSpace {
  /// Inode number of /proc/PID/ns/ipc.
  __u64 inode;
  /// Inode number of the root of its mqueue file system: no two have the same in the life of a kernel.
  __u64 generation;
  /// In the daemon's PID namespace.
  __u32 pid;
  char comm[kBpfCommSize];
  /// Queues that exist, and how many may; the POSIX ones include those that are unlinked and still open.
  __u32 posix_queues;
  __u32 posix_queues_limit;
  __u32 sysv_queues;
  __u32 sysv_queues_limit;
  /// msgmax of the namespace, bytes.
  __u64 sysv_message_size_limit;
  /// The names of the task's control group, from the innermost outwards, each with a NUL; without the root. cgroup_size
  /// bytes, 0 for the root group.
  __u32 cgroup_size;
  /// 0 if the path could not be read to its end: its outermost names are missing.
  __u32 cgroup_whole;
  char cgroup[kBpfCgroupSize];
};

/// What a queue says of itself, taken before and after its messages are walked.
struct BpfTotals {
  __u64 messages;
  __u64 bytes;
  /// POSIX: the inode's ctime. SysV: q_stime and q_rtime. Seconds of Unix time; SysV: 0 when never.
  __s64 changed;
  __s64 sent;
  __s64 received;
};

/// What is reported of a queue beside its name and messages.
struct BpfQueueRecord {
  __u32 kind;
  /// Index of its namespace among all of this pass.
  __u32 space;
  /// Address of the kernel's struct: tells two queues apart within a pass.
  __u64 address;
  /// POSIX: the inode number. SysV: the msqid.
  __u64 id;
  __s32 key;
  __u32 uid;
  __u32 gid;
  __u32 mode;
  /// POSIX: mq_maxmsg and mq_msgsize. SysV: msg_qbytes in bytes_limit.
  __u64 messages_limit;
  __u64 message_size_limit;
  __u64 bytes_limit;
  struct BpfTotals before;
  struct BpfTotals after;
  __u32 waiting_senders;
  __u32 waiting_receivers;
  /// 1 if the list of waiters was read to its end and did not change meanwhile. Otherwise their number is unknown.
  __u32 senders_known;
  __u32 receivers_known;
  __s32 last_receiver_pid;
  /// 1 if the walk reached the end of the queue; 0 if the queue changed under it or is beyond a limit.
  __u32 complete;
  /// 1 if it is beyond a limit: the next walk will not do better.
  __u32 cut;
  __u32 unused;
  /// The first message: the hash of its payload, its address (0 if the queue is empty), size, and priority or type.
  __u64 head_digest;
  __u64 head;
  __u64 head_size;
  __u64 head_value;
};

struct BpfQueue {
  struct BpfQueueRecord record;
  /// POSIX only.
  char name[kBpfNameSize];
};

/// Messages that lie behind each other and have one priority (POSIX: all of that priority) or one type.
struct BpfRun {
  __u64 value;
  __u64 messages;
  __u64 bytes;
  /// Addresses of the first and the last message.
  __u64 first;
  __u64 last;
  /// Index of its queue among the page's.
  __u64 queue;
};

/// The daemon's wishes and the program's counts, in the program's global data.
struct BpfControl {
  /// Rises with each pass; never 0.
  __u64 pass;
  /// Key of the payload hashes.
  __u64 key;
  /// Inode number of the only IPC namespace to look into; 0: all.
  __u64 only_space;
  /// Inode number of the daemon's PID namespace.
  __u64 pid_space;
  /// Inode number of the daemon's IPC namespace: the only one that is reported when it has no queue.
  __u64 own_space;
  /// Records in the arrays. When the daemon has read a page it moves the last queue to the front, where more runs may
  /// follow, and sets queues, queue, runs and run_open accordingly. It takes all spaces, adds their number to
  /// spaces_before and sets spaces to 0.
  __u64 spaces;
  __u64 spaces_before;
  __u64 queues;
  __u64 runs;
  /// Index of the queue at hand, and whether the last run is one of its.
  __u64 queue;
  __u64 run_open;
  /// 1 while a namespace is begun and not done; its inode number.
  __u64 busy;
  __u64 busy_space;
  /// Tasks whose namespace is still to begin: another one was busy, or the page was full.
  __u64 waiting;
  /// Steps that were made. If a run makes none in the busy namespace, that namespace has ended.
  __u64 progress;
  /// Time of CLOCK_MONOTONIC, in nanoseconds, after which the program does nothing but set `expired`.
  __u64 deadline;
  __u64 expired;
  /// What this pass may still use; the daemon sets them when it begins. Without steps or runs, the remaining queues are
  /// reported as incomplete. Without queues or spaces, those that follow are only counted, in queues_left_out and
  /// spaces_left_out.
  __u64 spaces_left;
  __u64 steps_left;
  __u64 runs_left;
  __u64 queues_left;
  __u64 queues_left_out;
  /// Queues that were left because of a limit on steps or runs, their own or the pass's.
  __u64 queues_cut;
  /// Namespaces that have queues and were left out because there was no space left.
  __u64 spaces_left_out;
  /// Namespaces in which a list could not be followed to its end; their queues may be missing from this pass.
  __u64 broken;
  /// The longest that a callback has held the RCU read lock, in nanoseconds.
  __u64 longest_ns;
};

#endif  // DAEMON_BPF_LAYOUT_H_
