#include "daemon/confinement/process_capabilities.h"

#include <gtest/gtest.h>
#include <sys/capability.h>
#include <sys/prctl.h>

#include <fstream>
#include <string>

#include "daemon/confinement/testing/in_child.h"

namespace mqueue::confinement {
namespace {

class CapabilitiesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto held = PermittedCapabilities();
    ASSERT_TRUE(held);
    if (!held->contains(Capability::kIpcOwner) || !held->contains(Capability::kDacReadSearch)) {
      GTEST_SKIP() << "needs root";
    }
  }
};

TEST_F(CapabilitiesTest, NamesAreTheKernels) {
  for (const Capability capability : kCapabilities) {
    cap_value_t number = 0;
    EXPECT_EQ(::cap_from_name(std::string(ToString(capability)).c_str(), &number), 0) << ToString(capability);
  }
  EXPECT_EQ(ToString(Capabilities{}), "none");
  EXPECT_EQ(ToString(Capabilities{Capability::kPerfmon, Capability::kBpf}), "CAP_BPF, CAP_PERFMON");
}

TEST_F(CapabilitiesTest, OnlyWhatIsKeptRemainsAndNothingElseOfTheRoots) {
  EXPECT_EQ(StatusOfChild([] {
              const Capabilities kept{Capability::kIpcOwner};
              cap_value_t setuid = CAP_SETUID;
              cap_flag_value_t has = CAP_SET;
              return KeepOnly(kept).has_value() && PermittedCapabilities() == kept && EffectiveCapabilities() == kept &&
                     ::cap_get_flag(::cap_get_proc(), setuid, CAP_PERMITTED, &has) == 0 && has == CAP_CLEAR;
            }),
            0);
}

TEST_F(CapabilitiesTest, WhatIsOnlyPermittedBecomesEffective) {
  EXPECT_EQ(StatusOfChild([] {
              const cap_t state = ::cap_get_proc();
              ::cap_clear_flag(state, CAP_EFFECTIVE);
              if (::cap_set_proc(state) != 0 || EffectiveCapabilities() != Capabilities{}) return false;
              const Capabilities kept{Capability::kIpcOwner};
              return KeepOnly(kept).has_value() && EffectiveCapabilities() == kept;
            }),
            0);
}

TEST_F(CapabilitiesTest, WhatWasNeverHeldIsNoError) {
  EXPECT_EQ(StatusOfChild([] {
              return KeepOnly({}).has_value() && KeepOnly({Capability::kIpcOwner}).has_value() &&
                     PermittedCapabilities() == Capabilities{};
            }),
            0);
}

TEST_F(CapabilitiesTest, NothingIsLeftToInherit) {
  EXPECT_EQ(StatusOfChild([] {
              const cap_t state = ::cap_get_proc();
              const cap_value_t number = CAP_IPC_OWNER;
              ::cap_set_flag(state, CAP_INHERITABLE, 1, &number, CAP_SET);
              if (::cap_set_proc(state) != 0 || ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0) != 0) {
                return false;
              }
              return KeepOnly({Capability::kIpcOwner}).has_value() &&
                     ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, number, 0, 0) == 0;
            }),
            0);
}

class FileCapabilitiesTest : public ::testing::Test {
 protected:
  // Makes a file with these capabilities, in setcap's form; none if empty.
  void MakeFile(const char* text) {
    std::ofstream(path_) << "a program";
    if (*text == '\0') return;
    const cap_t state = ::cap_from_text(text);
    const bool set = ::cap_set_file(path_.c_str(), state) == 0;
    ::cap_free(state);
    if (!set) GTEST_SKIP() << "needs root and a file system with extended attributes";
  }
  std::string With(const Capabilities& added) const {
    const auto text = FileCapabilitiesWith(path_, added);
    return text ? *text : text.error().message;
  }

  const std::string path_ = ::testing::TempDir() + "program";
};

TEST_F(FileCapabilitiesTest, FileWithoutAnyGetsWhatIsAdded) {
  MakeFile("");
  EXPECT_EQ(With({Capability::kBpf, Capability::kPerfmon}), "cap_perfmon,cap_bpf=p");
}

TEST_F(FileCapabilitiesTest, WhatTheFileHasIsKeptEvenIfTheDaemonHasNoUseForIt) {
  MakeFile("cap_net_bind_service,cap_sys_ptrace=p");
  EXPECT_EQ(With({Capability::kBpf, Capability::kPerfmon}),
            "cap_net_bind_service,cap_sys_ptrace,cap_perfmon,cap_bpf=p");
}

TEST_F(FileCapabilitiesTest, AddedOnesAreEffectiveIfTheOthersAre) {
  MakeFile("cap_net_bind_service=ep");
  EXPECT_EQ(With({Capability::kBpf}), "cap_net_bind_service,cap_bpf=ep");
}

TEST_F(FileCapabilitiesTest, MissingFileIsAnError) {
  EXPECT_FALSE(FileCapabilitiesWith(::testing::TempDir() + "no such file", {}).has_value());
}

}  // namespace
}  // namespace mqueue::confinement
