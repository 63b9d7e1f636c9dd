#ifndef DAEMON_READER_MSG_STAT_READER_H_
#define DAEMON_READER_MSG_STAT_READER_H_

#include "daemon/reader/probe_context.h"
#include "daemon/reader/reader.h"

namespace mqueue::reader {

/// SysV queues on any kernel, whoever owns them: depth, bytes, limits, owner and the last send and receive, by
/// msgctl(MSG_STAT_ANY). It opens nothing and needs no permission.
class MsgStatReader final : public Reader {
 public:
  explicit MsgStatReader(Clock clock) : clock_(std::move(clock)) {}

  /// Whether it works on the running kernel.
  static Support Probe(const ProbeContext& context);

  ReaderKind kind() const override { return ReaderKind::kMsgStat; }
  std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, RoundContext& context) override;

 private:
  Clock clock_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_MSG_STAT_READER_H_
