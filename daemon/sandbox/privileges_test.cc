#include "daemon/sandbox/privileges.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>

#include "daemon/sandbox/testing/in_child.h"

namespace mqueue::sandbox {
namespace {

const Rights kRights{.to_start = {Capability::kBpf, Capability::kSysAdmin}, .to_look = {Capability::kIpcOwner}};

class PrivilegesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto held = PermittedCapabilities();
    ASSERT_TRUE(held);
    if (!held->contains(Capability::kSysAdmin)) GTEST_SKIP() << "needs root";
  }
};

TEST_F(PrivilegesTest, WhatTheStartTakesIsGoneAfterIt) {
  EXPECT_EQ(StatusOfChild([] {
              auto privileges = Privileges::Begin(kRights);
              if (!privileges) return false;
              const auto at_start = EffectiveCapabilities();
              if (at_start != Capabilities{Capability::kIpcOwner, Capability::kSysAdmin, Capability::kBpf} ||
                  at_start != privileges->kept()) {
                return false;
              }
              return privileges->Started().has_value() && EffectiveCapabilities() == kRights.to_look &&
                     privileges->kept() == kRights.to_look;
            }),
            0);
}

TEST_F(PrivilegesTest, NothingIsGainedByExecutingAndNobodyTraces) {
  EXPECT_EQ(StatusOfChild([] {
              return Privileges::Begin(kRights).has_value() && ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
                     ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
            }),
            0);
}

TEST_F(PrivilegesTest, WhatAnotherConfigurationLacksIsNamed) {
  EXPECT_EQ(StatusOfChild([] {
              auto privileges = Privileges::Begin(kRights);
              if (!privileges || !privileges->Started()) return false;
              const Rights more{.to_start = {Capability::kPerfmon}, .to_look = {Capability::kDacReadSearch}};
              return privileges->GivenUp(kRights).empty() &&
                     privileges->GivenUp(more) == Capabilities{Capability::kDacReadSearch, Capability::kPerfmon};
            }),
            0);
}

TEST_F(PrivilegesTest, WhatWasNeverHeldIsNotMissed) {
  EXPECT_EQ(StatusOfChild([] {
              if (!KeepOnly({Capability::kIpcOwner})) return false;
              auto privileges = Privileges::Begin(kRights);
              return privileges && privileges->Started() && privileges->held() == Capabilities{Capability::kIpcOwner} &&
                     privileges->GivenUp({.to_look = {Capability::kDacReadSearch}}).empty();
            }),
            0);
}

}  // namespace
}  // namespace mqueue::sandbox
