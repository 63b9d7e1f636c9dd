#include "daemon/rights.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace mqueue {
namespace {

using sandbox::Capabilities;
using sandbox::Capability;

const Capabilities kAlwaysToStart{Capability::kNetBindService, Capability::kSysAdmin};
const Capabilities kWithBpf{Capability::kNetBindService, Capability::kSysAdmin, Capability::kBpf, Capability::kPerfmon};

std::shared_ptr<const QueuePolicy> Forced(std::optional<ReaderKind> reader) {
  auto policy = std::make_shared<QueuePolicy>();
  policy->reader = reader;
  return policy;
}

settings::Settings With(std::optional<ReaderKind> reader, std::vector<QueueRule> rules = {}) {
  settings::Settings settings;
  settings.queues = {.rules = std::move(rules), .fallback = Forced(reader)};
  return settings;
}

TEST(RightsTest, AnyReaderMayNeedAnyOfThem) {
  const auto rights = RightsFor(With(std::nullopt));
  EXPECT_EQ(rights.to_start, kWithBpf);
  EXPECT_EQ(rights.to_look, (Capabilities{Capability::kDacReadSearch, Capability::kIpcOwner}));
}

TEST(RightsTest, BpfOpensNothing) {
  const auto rights = RightsFor(With(ReaderKind::kBpf));
  EXPECT_EQ(rights.to_start, kWithBpf);
  EXPECT_EQ(rights.to_look, Capabilities{});
}

TEST(RightsTest, ReaderOfOneKindLeavesTheOtherKindAutomatic) {
  const auto posix = RightsFor(With(ReaderKind::kAttr));
  EXPECT_EQ(posix.to_start, kWithBpf);
  EXPECT_EQ(posix.to_look, (Capabilities{Capability::kDacReadSearch, Capability::kIpcOwner}));
  const auto sysv = RightsFor(With(ReaderKind::kMsgStat));
  EXPECT_EQ(sysv.to_look, Capabilities{Capability::kDacReadSearch});
}

TEST(RightsTest, RuleAddsWhatItsReaderTakes) {
  const auto both = RightsFor(With(ReaderKind::kBpf, {{.ipc = Ipc::kSysv, .policy = Forced(ReaderKind::kMsgCopy)}}));
  EXPECT_EQ(both.to_look, Capabilities{Capability::kIpcOwner});
  const auto excluded = RightsFor(With(ReaderKind::kBpf, {{.exclude = true}}));
  EXPECT_EQ(excluded.to_look, Capabilities{});
}

TEST(RightsTest, NothingBehindARuleForAllQueuesCounts) {
  const auto rights = RightsFor(With(ReaderKind::kBpf, {{.pattern = "*", .ipc = Ipc::kPosix, .exclude = true},
                                                        {.pattern = "*", .policy = Forced(ReaderKind::kMsgStat)},
                                                        {.pattern = "*", .policy = Forced(ReaderKind::kMsgCopy)}}));
  EXPECT_EQ(rights.to_start, kAlwaysToStart);
  EXPECT_EQ(rights.to_look, Capabilities{});
}

TEST(SmallestGrantTest, BpfServesForEverythingElse) {
  const Capabilities wanted{Capability::kSysAdmin, Capability::kDacReadSearch, Capability::kIpcOwner};
  EXPECT_EQ(SmallestGrant({.loosely = wanted}, {}, true), (Capabilities{Capability::kBpf, Capability::kPerfmon}));
  EXPECT_EQ(SmallestGrant({.loosely = wanted}, {Capability::kBpf}, true), Capabilities{Capability::kPerfmon});
}

TEST(SmallestGrantTest, WithoutBpfItIsWhatIsWantedAndNotHeld) {
  const Capabilities wanted{Capability::kBpf, Capability::kPerfmon, Capability::kDacReadSearch, Capability::kIpcOwner};
  EXPECT_EQ(SmallestGrant({.loosely = wanted}, {Capability::kIpcOwner}, false),
            Capabilities{Capability::kDacReadSearch});
}

TEST(SmallestGrantTest, ForcedReaderIsNotReplacedByBpf) {
  const Capabilities files{Capability::kDacReadSearch};
  EXPECT_EQ(SmallestGrant({.strictly = files}, {}, true), files);
  EXPECT_EQ(SmallestGrant({.strictly = files, .loosely = files}, {}, true), files);
  EXPECT_EQ(SmallestGrant({.strictly = files, .loosely = {Capability::kIpcOwner}}, {}, true),
            (Capabilities{Capability::kDacReadSearch, Capability::kBpf, Capability::kPerfmon}));
  EXPECT_EQ(SmallestGrant({.strictly = files, .loosely = {Capability::kIpcOwner}}, {}, false),
            (Capabilities{Capability::kDacReadSearch, Capability::kIpcOwner}));
}

TEST(SmallestGrantTest, NothingIsGrantedWhereNothingIsWanted) {
  EXPECT_EQ(SmallestGrant({}, {}, true), Capabilities{});
  EXPECT_EQ(SmallestGrant({}, {}, false), Capabilities{});
}

}  // namespace
}  // namespace mqueue
