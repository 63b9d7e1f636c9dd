#include "daemon/status/capability_grant.h"

#include <gtest/gtest.h>

namespace mqueue::status {
namespace {

using confinement::Capabilities;
using confinement::Capability;

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
}  // namespace mqueue::status
