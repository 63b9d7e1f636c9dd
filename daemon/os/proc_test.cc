#include "daemon/os/proc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace mqueue::os {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// A /proc of our own making.
class ProcTest : public ::testing::Test {
 protected:
  ProcTest() : root_(::testing::TempDir() + "proc") { ::mkdir(root_.c_str(), 0755); }

  void Write(const std::string& directory, const std::string& name, const std::string& text) {
    ::mkdir((root_ + "/" + directory).c_str(), 0755);
    std::ofstream(root_ + "/" + directory + "/" + name) << text;
  }

  std::string root_;
};

TEST_F(ProcTest, DirectoryThatIsNoProcFileSystemIsRefused) {
  EXPECT_TRUE(RequireProcfs("/proc"));
  const auto directory = RequireProcfs(root_);
  ASSERT_FALSE(directory);
  EXPECT_THAT(directory.error().message, StartsWith("no proc file system at " + root_));
  EXPECT_FALSE(RequireProcfs(root_ + "/missing"));
}

TEST_F(ProcTest, MqueueMountsAreFoundByFileSystemType) {
  Write("self", "mountinfo",
        "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
        "31 24 0:28 / /dev/mqueue rw,nosuid shared:14 - mqueue mqueue rw\n"
        "32 24 0:29 / /mnt/two\\040words rw - mqueue none rw\n");
  EXPECT_THAT(*MqueueMountPoints(root_), ElementsAre("/dev/mqueue", "/mnt/two words"));
}

TEST_F(ProcTest, OneQueueBoundElsewhereIsNoMountOfTheFileSystem) {
  Write("self", "mountinfo", "31 24 0:28 /orders /run/orders rw - mqueue mqueue rw\n");
  EXPECT_THAT(*MqueueMountPoints(root_), IsEmpty());
}

TEST_F(ProcTest, TruncatedMountinfoIsNotAMount) {
  Write("self", "mountinfo", "31 24 0:28\n\n- mqueue");
  EXPECT_THAT(*MqueueMountPoints(root_), IsEmpty());
}

TEST_F(ProcTest, MissingMountinfoIsAnErrorThatNamesIt) {
  const auto points = MqueueMountPoints("/nonexistent");
  ASSERT_FALSE(points);
  EXPECT_EQ(points.error().message, "open /nonexistent/self/mountinfo: No such file or directory");
}

TEST_F(ProcTest, NumberIsReadFromItsFile) {
  Write("sys", "queues_max", "256\n");
  EXPECT_EQ(ReadNumber(root_ + "/sys/queues_max"), 256);
  Write("sys", "queues_max", "many\n");
  EXPECT_EQ(ReadNumber(root_ + "/sys/queues_max"), std::nullopt);
  EXPECT_EQ(ReadNumber(root_ + "/sys/absent"), std::nullopt);
}

TEST_F(ProcTest, CgroupIsThePathOfTheUnifiedHierarchy) {
  Write("7", "cgroup", "0::/system.slice/a:b.service\n");
  EXPECT_EQ(CgroupOf(root_, 7), "/system.slice/a:b.service");
}

TEST_F(ProcTest, CgroupOfAHybridHostIsTheOneThatHoldsTheContainer) {
  Write("7", "cgroup", "12:pids:/docker/0123456789abcdef\n1:name=systemd:/docker/0123456789abcdef\n0::\n");
  EXPECT_EQ(CgroupOf(root_, 7), "/docker/0123456789abcdef");
  Write("7", "cgroup", "0::/\n2:cpu:/\n1:memory:/kubepods/pod1/0123456789abcdef\n");
  EXPECT_EQ(CgroupOf(root_, 7), "/kubepods/pod1/0123456789abcdef");
  Write("7", "cgroup", "0::/system.slice/containerd.service\n1:memory:/docker/0123456789abcdef0123456789abcdef\n");
  EXPECT_EQ(CgroupOf(root_, 7), "/docker/0123456789abcdef0123456789abcdef");
  Write("7", "cgroup", "3:cpu:/\n0::/init.scope\n");
  EXPECT_EQ(CgroupOf(root_, 7), "/init.scope");
}

TEST_F(ProcTest, CgroupOutsideOfTheNamespacesRootHasNoDots) {
  Write("7", "cgroup", "0::/../../kubepods.slice/pod1\n");
  EXPECT_EQ(CgroupOf(root_, 7), "/kubepods.slice/pod1");
  Write("7", "cgroup", "0::/..\n");
  EXPECT_EQ(CgroupOf(root_, 7), "/");
  Write("7", "cgroup", "0::/..hidden/x\n");
  EXPECT_EQ(CgroupOf(root_, 7), "/..hidden/x");
}

TEST_F(ProcTest, CgroupOfAHiddenProcessIsEmpty) { EXPECT_EQ(CgroupOf(root_, 999), ""); }

TEST(OwnIpcNamespace, IsTheInodeOfTheNamespaceFile) {
  struct stat status{};
  ASSERT_EQ(::stat("/proc/self/ns/ipc", &status), 0);
  EXPECT_EQ(OwnIpcNamespace("/proc")->inode, status.st_ino);
}

}  // namespace
}  // namespace mqueue::os
