#include "daemon/discovery/discovery.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/stat.h>

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/os/probe_queue.h"
#include "daemon/os/unique_fd.h"

namespace mqueue::discovery {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr IpcNamespace kNamespace{.inode = 4026532201};

// The test runs in an IPC namespace of its own, so what it makes is all there is.
class DiscoveryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto directory = os::MqueueDirectory::MountDetached();
    ASSERT_TRUE(directory) << directory.error().message;
    directory_ = std::make_shared<const os::MqueueDirectory>(*std::move(directory));
  }
  void TearDown() override {
    for (const auto& name : posix_) ::mq_unlink(name.c_str());
    for (const int msqid : sysv_) ::msgctl(msqid, IPC_RMID, nullptr);
  }

  void MakePosix(const std::string& name) {
    const os::UniqueFd queue(::mq_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, nullptr));
    ASSERT_TRUE(queue) << name;
    posix_.push_back(name);
  }
  int MakeSysv(key_t key) {
    const int msqid = ::msgget(key, IPC_CREAT | 0600);
    sysv_.push_back(msqid);
    return msqid;
  }

  Discovered Discover(QueueRules rules = {}) const {
    return Discovery(kNamespace, {.directory = directory_, .walker = nullptr, .procfs = "/proc"}, std::move(rules))
        .Discover();
  }
  static std::vector<std::string> Names(const Discovered& found) {
    std::vector<std::string> names;
    for (const auto& queue : found.queues) names.push_back(queue.ref.name);
    return names;
  }

  std::shared_ptr<const os::MqueueDirectory> directory_;
  std::vector<std::string> posix_;
  std::vector<int> sysv_;
};

TEST_F(DiscoveryTest, BothKindsAreFoundUnderTheirNames) {
  MakePosix("/discovery_orders");
  MakeSysv(0xbeef);
  const int unnamed = MakeSysv(IPC_PRIVATE);
  const auto names = Names(Discover());
  EXPECT_THAT(names, Contains("/discovery_orders"));
  EXPECT_THAT(names, Contains("0x0000beef"));
  EXPECT_THAT(names, Contains("id:" + std::to_string(unnamed)));
}

TEST_F(DiscoveryTest, RecreatedQueueIsAnotherQueue) {
  MakePosix("/discovery_again");
  const auto first = Discover().queues;
  ::mq_unlink("/discovery_again");
  MakePosix("/discovery_again");
  const auto second = Discover().queues;
  ASSERT_THAT(first, SizeIs(1));
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_NE(first[0].ref, second[0].ref);
  EXPECT_EQ(first[0].ref.name, second[0].ref.name);
}

TEST_F(DiscoveryTest, GoneQueueIsGone) {
  MakePosix("/discovery_gone");
  const int msqid = MakeSysv(0xbeef);
  ASSERT_THAT(Discover().queues, SizeIs(2));
  ::mq_unlink("/discovery_gone");
  ::msgctl(msqid, IPC_RMID, nullptr);
  EXPECT_THAT(Discover().queues, IsEmpty());
}

TEST_F(DiscoveryTest, SlotsInUseBehindAnEmptyOneAreFound) {
  const int first = MakeSysv(0xbee1);
  MakeSysv(0xbee2);
  ::msgctl(first, IPC_RMID, nullptr);
  EXPECT_THAT(Names(Discover()), ::testing::ElementsAre("0x0000bee2"));
}

TEST_F(DiscoveryTest, ExcludedQueueIsCountedAndNotListed) {
  MakePosix("/discovery_scratch");
  MakePosix("/discovery_keep");
  const auto found = Discover({.rules = {{.pattern = "*scratch", .exclude = true}}});
  EXPECT_THAT(Names(found), Not(Contains("/discovery_scratch")));
  EXPECT_EQ(found.excluded, 1);
}

TEST_F(DiscoveryTest, UsageCountsEveryQueueOfTheNamespace) {
  MakePosix("/discovery_a");
  MakePosix("/discovery_b");
  const auto found = Discover({.rules = {{.pattern = "*", .exclude = true}}});
  const auto posix = std::ranges::find(found.usage, Ipc::kPosix, &NamespaceUsage::ipc);
  ASSERT_NE(posix, found.usage.end());
  EXPECT_EQ(posix->queues, 2);
  EXPECT_EQ(posix->ipc_namespace, kNamespace);
  EXPECT_GT(posix->queues_limit, 0);
}

TEST_F(DiscoveryTest, WithoutMqueueFileSystemSysvIsStillListed) {
  MakePosix("/discovery_unseen");
  MakeSysv(0xbeef);
  const auto found = Discovery(kNamespace, {.procfs = "/proc"}, {}).Discover();
  EXPECT_THAT(Names(found), ::testing::ElementsAre("0x0000beef"));
}

// Mounts an mqueue file system of this process's IPC namespace for as long as it lives. Needs CAP_SYS_ADMIN.
class Mounted {
 public:
  explicit Mounted(const char* name) : path_(::testing::TempDir() + name) {
    ::mkdir(path_.c_str(), 0755);
    EXPECT_EQ(::mount("none", path_.c_str(), "mqueue", 0, nullptr), 0);
  }
  ~Mounted() { ::umount2(path_.c_str(), MNT_DETACH); }
  Mounted(const Mounted&) = delete;
  Mounted& operator=(const Mounted&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::uint64_t OwnDevice() { return os::ProbeQueue::Make()->Device().value(); }

std::string ErrorOf(const os::MqueueDirectory& directory) {
  const auto entries = directory.List();
  return entries ? "" : entries.error().message;
}

TEST(FindMqueueDirectory, PathThatIsNoMqueueFileSystemIsAwaited) {
  const auto directory = FindMqueueDirectory("/proc", "/proc", OwnDevice());
  EXPECT_TRUE(directory->awaited());
  EXPECT_EQ(ErrorOf(*directory), "no mqueue file system at /proc: Invalid argument");
}

TEST(FindMqueueDirectory, PathOfTheOwnNamespaceIsTaken) {
  const Mounted mounted("own");
  EXPECT_FALSE(FindMqueueDirectory(mounted.path(), "/proc", OwnDevice())->awaited());
}

TEST(FindMqueueDirectory, PathOfAnotherNamespaceIsRefused) {
  const Mounted mounted("other");
  const auto directory = FindMqueueDirectory(mounted.path(), "/proc", OwnDevice() + 1);
  EXPECT_THAT(ErrorOf(*directory), ::testing::HasSubstr("belongs to another IPC namespace"));
}

TEST(FindMqueueDirectory, MountOfAnotherNamespaceIsReplacedByADetachedOne) {
  const Mounted mounted("other");
  ASSERT_EQ(::unshare(CLONE_NEWIPC), 0);
  const auto directory = FindMqueueDirectory("", "/proc", OwnDevice());
  EXPECT_EQ(ErrorOf(*directory), "");
  struct stat status{};
  ASSERT_EQ(::fstat(directory->descriptor(), &status), 0);
  EXPECT_EQ(status.st_dev, OwnDevice());
}

TEST(FindMqueueDirectory, AwaitedPathIsFoundOnceItIsMounted) {
  const std::string path = ::testing::TempDir() + "later";
  const auto directory = FindMqueueDirectory(path, "/proc", OwnDevice());
  EXPECT_NE(ErrorOf(*directory), "");
  const Mounted mounted("later");
  EXPECT_EQ(ErrorOf(*directory), "");
  EXPECT_FALSE(directory->awaited());
  EXPECT_NE(directory->descriptor(), -1);
}

}  // namespace
}  // namespace mqueue::discovery
