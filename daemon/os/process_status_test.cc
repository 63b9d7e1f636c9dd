#include "daemon/os/process_status.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

namespace mqueue::os {
namespace {

void ExpectNothing(const ProcessStatus& status) {
  EXPECT_FALSE(status.cpu_seconds);
  EXPECT_FALSE(status.resident_bytes);
  EXPECT_FALSE(status.virtual_bytes);
  EXPECT_FALSE(status.open_descriptors);
  EXPECT_FALSE(status.descriptor_limit);
  EXPECT_FALSE(status.threads);
  EXPECT_FALSE(status.start_seconds);
}

TEST(ReadProcessStatus, ReadsTheFilesOfProcfs) {
  const ProcessStatus status = ReadProcessStatus("daemon/os/testdata/proc");
  EXPECT_EQ(status.cpu_seconds, 2.25);
  EXPECT_EQ(status.resident_bytes, 9324.0 * 1024);
  EXPECT_EQ(status.virtual_bytes, 264768.0 * 1024);
  EXPECT_EQ(status.open_descriptors, 4);
  EXPECT_EQ(status.descriptor_limit, 1024);
  EXPECT_EQ(status.threads, 3);
  EXPECT_EQ(status.start_seconds, 1763691200.5);
}

TEST(ReadProcessStatus, AbsentProcfsGivesNothing) { ExpectNothing(ReadProcessStatus("daemon/os/testdata/absent")); }

TEST(ReadProcessStatus, FileThatOpensButCannotBeReadGivesNothing) {
  const std::filesystem::path proc = std::filesystem::path(::testing::TempDir()) / "proc";
  // A directory opens as a file does; reading it fails.
  std::filesystem::create_directories(proc / "self/stat");
  ExpectNothing(ReadProcessStatus(proc));
}

TEST(ReadProcessStatus, RealProcfsHasEverything) {
  const ProcessStatus status = ReadProcessStatus("/proc");
  EXPECT_TRUE(status.cpu_seconds);
  EXPECT_GT(status.resident_bytes.value_or(0), 0);
  EXPECT_GT(status.virtual_bytes.value_or(0), 0);
  EXPECT_GT(status.open_descriptors.value_or(0), 0);
  EXPECT_LE(status.open_descriptors, status.descriptor_limit);
  EXPECT_GE(status.threads.value_or(0), 1);
  EXPECT_GT(status.start_seconds.value_or(0), 0);
}

}  // namespace
}  // namespace mqueue::os
