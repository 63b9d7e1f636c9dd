#include "daemon/os/mqueue_directory.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mqueue.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "daemon/os/posix_queue.h"
#include "daemon/os/proc.h"

namespace mqueue::os {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::Not;

constexpr char kName[] = "/mqueue_directory_test";

class MqueueDirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto directory = MqueueDirectory::MountDetached();
    ASSERT_TRUE(directory) << directory.error().message;
    directory_.emplace(*std::move(directory));
    ::mq_unlink(kName);
    queue_ = UniqueFd(::mq_open(kName, O_RDWR | O_CREAT | O_CLOEXEC, 0640, nullptr));
    ASSERT_TRUE(queue_);
  }
  void TearDown() override { ::mq_unlink(kName); }

  auto HasQueue() { return Contains(Field(&MqueueDirectory::Entry::name, &kName[1])); }

  std::optional<MqueueDirectory> directory_;
  UniqueFd queue_;
};

TEST_F(MqueueDirectoryTest, DetachedMountShowsTheOwnNamespacesQueues) {
  EXPECT_THAT(*directory_->List(), HasQueue());
  ASSERT_EQ(::mq_unlink(kName), 0);
  EXPECT_THAT(*directory_->List(), Not(HasQueue()));
}

TEST_F(MqueueDirectoryTest, DetachedMountAppearsInNoMountTable) {
  const auto before = *MqueueMountPoints("/proc");
  const auto another = MqueueDirectory::MountDetached();
  ASSERT_TRUE(another);
  EXPECT_EQ(*MqueueMountPoints("/proc"), before);
}

TEST_F(MqueueDirectoryTest, ListedInodeIsTheQueuesOwn) {
  const auto entries = *directory_->List();
  const auto entry = std::find_if(entries.begin(), entries.end(), [](const auto& e) { return e.name == &kName[1]; });
  ASSERT_NE(entry, entries.end());
  EXPECT_EQ(entry->inode, GetStatus(queue_, kName)->inode);
}

TEST_F(MqueueDirectoryTest, OpenedQueueAnswersForItsAttributes) {
  const auto opened = directory_->OpenQueue(&kName[1]);
  ASSERT_TRUE(opened) << opened.error().message;
  ASSERT_EQ(::mq_send(queue_.get(), "one", 3, 7), 0);
  EXPECT_EQ(GetAttributes(*opened, kName)->messages, 1);
}

TEST_F(MqueueDirectoryTest, OpeningAQueueThatIsGoneSaysNoSuchFile) {
  const auto opened = directory_->OpenQueue("no-such-queue");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ENOENT);
  EXPECT_EQ(opened.error().message, "openat /no-such-queue: No such file or directory");
}

TEST(MqueueDirectory, AnotherFileSystemIsRefused) {
  const auto directory = MqueueDirectory::OpenMounted("/proc");
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code, EINVAL);
}

}  // namespace
}  // namespace mqueue::os
