#include "daemon/confinement/capability_plan.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace mqueue::confinement {
namespace {

const Capabilities kAlwaysToStart{Capability::kNetBindService, Capability::kSysAdmin};
const Capabilities kWithBpf{Capability::kNetBindService, Capability::kSysAdmin, Capability::kBpf, Capability::kPerfmon};

std::shared_ptr<const QueuePolicy> Forced(std::optional<ReaderKind> reader) {
  auto policy = std::make_shared<QueuePolicy>();
  policy->reader = reader;
  return policy;
}

// As the daemon's readers need them.
constexpr Capability kBpf[] = {Capability::kBpf, Capability::kPerfmon};
constexpr Capability kPosix[] = {Capability::kDacReadSearch};
constexpr Capability kSysv[] = {Capability::kIpcOwner};
constexpr ReaderNeeds kReaders[] = {{.kind = ReaderKind::kBpf, .to_start = kBpf},
                                    {.kind = ReaderKind::kAttr, .to_read = kPosix},
                                    {.kind = ReaderKind::kMsgCopy, .to_read = kSysv},
                                    {.kind = ReaderKind::kMsgStat}};

CapabilityPlan PlanWith(std::optional<ReaderKind> reader, std::vector<QueueRule> rules = {}) {
  return PlanFor({.rules = std::move(rules), .fallback = Forced(reader)}, kReaders);
}

TEST(CapabilityPlanTest, AnyReaderMayNeedAnyOfThem) {
  const auto plan = PlanWith(std::nullopt);
  EXPECT_EQ(plan.to_start, kWithBpf);
  EXPECT_EQ(plan.to_read, (Capabilities{Capability::kDacReadSearch, Capability::kIpcOwner}));
}

TEST(CapabilityPlanTest, BpfKeepsNothing) {
  const auto plan = PlanWith(ReaderKind::kBpf);
  EXPECT_EQ(plan.to_start, kWithBpf);
  EXPECT_EQ(plan.to_read, Capabilities{});
}

TEST(CapabilityPlanTest, ReaderOfOneKindLeavesTheOtherKindAutomatic) {
  const auto posix = PlanWith(ReaderKind::kAttr);
  EXPECT_EQ(posix.to_start, kWithBpf);
  EXPECT_EQ(posix.to_read, (Capabilities{Capability::kDacReadSearch, Capability::kIpcOwner}));
  const auto sysv = PlanWith(ReaderKind::kMsgStat);
  EXPECT_EQ(sysv.to_read, Capabilities{Capability::kDacReadSearch});
}

TEST(CapabilityPlanTest, RuleAddsWhatItsReaderTakes) {
  const auto both = PlanWith(ReaderKind::kBpf, {{.ipc = Ipc::kSysv, .policy = Forced(ReaderKind::kMsgCopy)}});
  EXPECT_EQ(both.to_read, Capabilities{Capability::kIpcOwner});
  const auto excluded = PlanWith(ReaderKind::kBpf, {{.exclude = true}});
  EXPECT_EQ(excluded.to_read, Capabilities{});
}

TEST(CapabilityPlanTest, NothingBehindARuleForAllQueuesCounts) {
  const auto plan = PlanWith(ReaderKind::kBpf, {{.pattern = "*", .ipc = Ipc::kPosix, .exclude = true},
                                                {.pattern = "*", .policy = Forced(ReaderKind::kMsgStat)},
                                                {.pattern = "*", .policy = Forced(ReaderKind::kMsgCopy)}});
  EXPECT_EQ(plan.to_start, kAlwaysToStart);
  EXPECT_EQ(plan.to_read, Capabilities{});
}

}  // namespace
}  // namespace mqueue::confinement
