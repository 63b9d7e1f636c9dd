#include "daemon/confinement/privileges.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>

#include "daemon/confinement/process_capabilities.h"
#include "daemon/confinement/testing/in_child.h"

namespace mqueue::confinement {
namespace {

const CapabilityPlan kPlan{.to_start = {Capability::kBpf, Capability::kSysAdmin}, .to_read = {Capability::kIpcOwner}};

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
              auto privileges = Privileges::Begin(kPlan);
              if (!privileges) return false;
              const auto at_start = EffectiveCapabilities();
              if (at_start != Capabilities{Capability::kIpcOwner, Capability::kSysAdmin, Capability::kBpf} ||
                  at_start != privileges->kept()) {
                return false;
              }
              return privileges->Started().has_value() && EffectiveCapabilities() == kPlan.to_read &&
                     privileges->kept() == kPlan.to_read;
            }),
            0);
}

TEST_F(PrivilegesTest, NothingIsGainedByExecutingAndNobodyTraces) {
  EXPECT_EQ(StatusOfChild([] {
              return Privileges::Begin(kPlan).has_value() && ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
                     ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
            }),
            0);
}

TEST_F(PrivilegesTest, WhatAnotherConfigurationLacksIsNamed) {
  EXPECT_EQ(StatusOfChild([] {
              auto privileges = Privileges::Begin(kPlan);
              if (!privileges || !privileges->Started()) return false;
              const CapabilityPlan more{.to_start = {Capability::kPerfmon}, .to_read = {Capability::kDacReadSearch}};
              return privileges->GivenUp(kPlan).empty() &&
                     privileges->GivenUp(more) == Capabilities{Capability::kDacReadSearch, Capability::kPerfmon};
            }),
            0);
}

TEST_F(PrivilegesTest, WhatWasNeverHeldIsNotMissed) {
  EXPECT_EQ(StatusOfChild([] {
              if (!KeepOnly({Capability::kIpcOwner})) return false;
              auto privileges = Privileges::Begin(kPlan);
              return privileges && privileges->Started() && privileges->held() == Capabilities{Capability::kIpcOwner} &&
                     privileges->GivenUp({.to_read = {Capability::kDacReadSearch}}).empty();
            }),
            0);
}

}  // namespace
}  // namespace mqueue::confinement
