#include "daemon/status/permission_report.h"

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

namespace mqueue::status {
namespace {

using confinement::Capabilities;
using confinement::Capability;

constexpr Capability kLoad[] = {Capability::kBpf, Capability::kPerfmon};
constexpr Capability kOpen[] = {Capability::kDacReadSearch};
constexpr Capability kIpc[] = {Capability::kIpcOwner};

// A host whose kernel would run BPF programs, seen by a process without capabilities.
PermissionFacts Unprivileged() {
  return {.readers = {{.needs = {.kind = ReaderKind::kBpf, .to_start = kLoad}, .obstacle = "bpf: not permitted"},
                      {.needs = {.kind = ReaderKind::kAttr, .to_read = kOpen, .opens_queues = true}, .supported = true},
                      {.needs = {.kind = ReaderKind::kMsgCopy, .to_read = kIpc}, .supported = true},
                      {.needs = {.kind = ReaderKind::kMsgStat}, .supported = true}},
          .bpf_would_load = true};
}

PermissionFacts WithoutBpf() {
  PermissionFacts facts = Unprivileged();
  facts.readers.front().obstacle = "the kernel has no BTF";
  facts.bpf_would_load = false;
  return facts;
}

std::shared_ptr<const QueueState> Queue(Ipc ipc, const std::string& name, Look look,
                                        std::optional<ReaderKind> forced = {}) {
  auto state = std::make_shared<QueueState>();
  state->queue = {{.ipc = ipc, .name = name}, std::make_shared<QueuePolicy>(QueuePolicy{.reader = forced})};
  state->look = std::move(look);
  return state;
}

Look Denied() { return std::unexpected(LookError{LookErrorReason::kPermission, "open /private: Permission denied"}); }

const PermissionRow& RowOf(const PermissionReport& report, const std::string& subject) {
  for (const PermissionRow& row : report.rows) {
    if (row.subject == subject) return row;
  }
  static const PermissionRow none{.subject = "no such row"};
  return none;
}

std::string Text(const PermissionReport& report) {
  std::ostringstream out;
  Write(report, "setcap …", out);
  return out.str();
}

TEST(PermissionReportTest, EveryQueueThatIsReadNeedsNothing) {
  PermissionFacts facts = WithoutBpf();
  facts.held = {Capability::kDacReadSearch};
  const auto report = MakePermissionReport(
      {.queues = {Queue(Ipc::kPosix, "/orders", QueueSnapshot{.reader = ReaderKind::kAttr})}}, facts);
  EXPECT_TRUE(report.all_are_read);
  EXPECT_EQ(report.missing, Capabilities{});
  EXPECT_EQ(Text(report),
            "WHAT             RIGHT                 HELD  OUTCOME\n"
            "mqueue mount     none                  -     POSIX queues can be listed\n"
            "reader bpf       CAP_BPF, CAP_PERFMON  no    cannot look: the kernel has no BTF\n"
            "reader attr      CAP_DAC_READ_SEARCH   yes   looks into every queue\n"
            "reader msg_copy  CAP_IPC_OWNER         no    looks into queues whose mode lets it read\n"
            "reader msg_stat  none                  -     looks into every queue\n"
            "queue /orders    none                  -     looked into by attr\n");
}

TEST(PermissionReportTest, UnreadQueueAsksForBpfWhereItWouldLoad) {
  const auto report = MakePermissionReport({.queues = {Queue(Ipc::kPosix, "/private", Denied())}}, Unprivileged());
  EXPECT_FALSE(report.all_are_read);
  EXPECT_EQ(report.missing, (Capabilities{Capability::kBpf, Capability::kPerfmon}));
  EXPECT_NE(Text(report).find("\nTo read every queue, grant CAP_BPF, CAP_PERFMON:\n"
                              "  systemd     [Service] CapabilityBoundingSet=CAP_BPF CAP_PERFMON and "
                              "AmbientCapabilities=CAP_BPF CAP_PERFMON and SystemCallFilter=bpf\n"
                              "  Kubernetes  securityContext: {capabilities: {add: [BPF, PERFMON]}}\n"
                              "  by hand     setcap …\n"),
            std::string::npos)
      << Text(report);
}

TEST(PermissionReportTest, UnreadQueueOfAForcedReaderNeedsWhatThatReaderNeeds) {
  const auto report =
      MakePermissionReport({.queues = {Queue(Ipc::kPosix, "/private", Denied(), ReaderKind::kAttr)}}, Unprivileged());
  EXPECT_EQ(RowOf(report, "queue /private").capabilities, Capabilities{Capability::kDacReadSearch});
  EXPECT_EQ(report.missing, Capabilities{Capability::kDacReadSearch});
}

TEST(PermissionReportTest, QueueThatALesserReaderReadIsReadAndMoreIsProposed) {
  const QueueSnapshot seen{.reader = ReaderKind::kMsgStat, .handed_down = "msgrcv 7: Permission denied"};
  const auto report = MakePermissionReport({.queues = {Queue(Ipc::kSysv, "7", seen)}}, WithoutBpf());
  EXPECT_TRUE(report.all_are_read);
  EXPECT_EQ(RowOf(report, "queue 7").outcome, "looked into by msg_stat only: msgrcv 7: Permission denied");
  EXPECT_EQ(report.missing, Capabilities{Capability::kIpcOwner});
}

TEST(PermissionReportTest, NoCapabilityMakesUpForAFailureThatIsNoMatterOfPermission) {
  const Look failed = std::unexpected(LookError{LookErrorReason::kUnsupported, "7: no reader"});
  const auto report = MakePermissionReport({.queues = {Queue(Ipc::kSysv, "7", failed)}}, WithoutBpf());
  EXPECT_FALSE(report.all_are_read);
  EXPECT_EQ(report.missing, Capabilities{});
}

TEST(PermissionReportTest, QueueThatIsGoneIsNotUnread) {
  const Look gone = std::unexpected(LookError{LookErrorReason::kGone, "7: gone"});
  EXPECT_TRUE(MakePermissionReport({.queues = {Queue(Ipc::kSysv, "7", gone)}}, WithoutBpf()).all_are_read);
}

TEST(PermissionReportTest, WithoutAListingAMountOrBpfIsNeeded) {
  PermissionFacts facts = WithoutBpf();
  facts.listing_error = "fsopen mqueue: not permitted";
  const auto report = MakePermissionReport({}, facts);
  EXPECT_FALSE(report.all_are_read);
  EXPECT_EQ(report.missing, Capabilities{Capability::kSysAdmin});
  // The capability serves to mount once, not for every start.
  EXPECT_EQ(FileCapabilitiesFor({.held = {Capability::kSysAdmin, Capability::kIpcOwner}}),
            Capabilities{Capability::kIpcOwner});
  facts.bpf_would_load = true;
  EXPECT_EQ(MakePermissionReport({}, facts).missing, (Capabilities{Capability::kBpf, Capability::kPerfmon}));
  facts.readers.front().supported = true;
  EXPECT_TRUE(MakePermissionReport({}, facts).all_are_read);
  facts.kernel_has_posix_queues = false;
  EXPECT_EQ(RowOf(MakePermissionReport({}, facts), "mqueue mount").outcome,
            "not needed: the kernel has no POSIX queues");
}

TEST(PermissionReportTest, ReaderThatAwaitsTheMountSaysSo) {
  PermissionFacts facts = WithoutBpf();
  facts.awaits_mount = true;
  const auto report = MakePermissionReport({}, facts);
  EXPECT_EQ(RowOf(report, "reader attr").outcome, "cannot look: needs the mqueue mount");
  EXPECT_EQ(RowOf(report, "reader msg_copy").outcome, "looks into queues whose mode lets it read");
}

TEST(PermissionReportTest, HostileNameStaysOnItsLine) {
  const auto report = MakePermissionReport(
      {.queues = {Queue(Ipc::kPosix, "/a\nqueue /b  none", QueueSnapshot{.reader = ReaderKind::kAttr})}}, WithoutBpf());
  EXPECT_EQ(report.rows.back().subject.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace mqueue::status
