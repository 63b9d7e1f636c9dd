#ifndef DAEMON_STAMP_H_
#define DAEMON_STAMP_H_

namespace mqueue {

/// The label that `bazel build --stamp --embed_label=LABEL` puts into a binary when it is linked.
extern const char kStamp[];

}  // namespace mqueue

#endif  // DAEMON_STAMP_H_
