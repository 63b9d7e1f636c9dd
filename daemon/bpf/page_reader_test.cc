#include "daemon/bpf/page_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>

namespace mqueue::bpf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

BpfSpace SpaceOf(std::uint64_t inode) {
  BpfSpace space{};
  space.inode = inode;
  space.generation = 1;
  return space;
}

BpfQueue QueueOf(BpfQueueKind kind, const char* name, std::uint32_t space = 0) {
  BpfQueue queue{};
  queue.record.kind = kind;
  queue.record.space = space;
  std::strncpy(queue.name, name, sizeof(queue.name) - 1);
  return queue;
}

BpfRun RunOf(std::uint64_t queue, std::uint64_t value, std::uint64_t messages, std::uint64_t first,
             std::uint64_t last) {
  return {.value = value, .messages = messages, .bytes = 10 * messages, .first = first, .last = last, .queue = queue};
}

// A reader that has met that many namespaces.
PageReader ReaderOf(std::uint64_t spaces) {
  PageReader pages;
  for (std::uint64_t i = 0; i < spaces; ++i) pages.AddSpaces(std::vector{SpaceOf(100 + i)});
  return pages;
}

// The namespace's cgroup, reported in these bytes.
std::string CgroupOf(std::string_view names, bool whole) {
  BpfSpace space = SpaceOf(100);
  names.copy(space.cgroup, sizeof(space.cgroup));
  space.cgroup_size = static_cast<std::uint32_t>(names.size());
  space.cgroup_whole = whole ? 1 : 0;
  PageReader pages;
  pages.AddSpaces(std::vector{space});
  return pages.Finish().spaces[0].cgroup;
}

TEST(PageReaderTest, CgroupIsThePathFromTheRoot) {
  using namespace std::string_view_literals;
  EXPECT_EQ(CgroupOf("container\0pod\0kubepods.slice\0"sv, true), "/kubepods.slice/pod/container");
  EXPECT_EQ(CgroupOf("", true), "/");
  EXPECT_EQ(CgroupOf("container\0pod\0"sv, false), "/.../pod/container");
  EXPECT_EQ(CgroupOf("", false), "");
}

TEST(PageReaderTest, SizeOfACgroupBeyondItsRoomIsNotBelieved) {
  BpfSpace space = SpaceOf(100);
  std::memset(space.cgroup, 'x', sizeof(space.cgroup));
  space.cgroup_size = 1 << 20;
  space.cgroup_whole = 1;
  PageReader pages;
  pages.AddSpaces(std::vector{space});
  EXPECT_THAT(pages.Finish().spaces[0].cgroup, SizeIs(1 + sizeof(space.cgroup)));
}

TEST(PageReaderTest, RunsBelongToTheirQueue) {
  PageReader pages = ReaderOf(1);
  pages.Add(std::vector{QueueOf(kBpfPosix, "a"), QueueOf(kBpfPosix, "b")},
            std::vector{RunOf(0, 9, 2, 1, 2), RunOf(1, 5, 1, 3, 3), RunOf(1, 4, 1, 4, 4)}, false);
  const Walk walk = pages.Finish();
  ASSERT_THAT(walk.queues, SizeIs(2));
  EXPECT_EQ(walk.queues[0].name, "a");
  EXPECT_THAT(walk.queues[0].groups, ElementsAre(Group{9, 2, 20, 1, 2}));
  EXPECT_THAT(walk.queues[1].groups, ElementsAre(Group{5, 1, 10, 3, 3}, Group{4, 1, 10, 4, 4}));
}

TEST(PageReaderTest, QueueGoesOnOnTheNextPage) {
  PageReader pages = ReaderOf(1);
  pages.Add(std::vector{QueueOf(kBpfPosix, "a"), QueueOf(kBpfPosix, "b")}, std::vector{RunOf(1, 9, 2, 1, 2)}, false);
  auto again = QueueOf(kBpfPosix, "b");
  again.record.complete = 1;
  pages.Add(std::vector{again, QueueOf(kBpfPosix, "c")}, std::vector{RunOf(0, 9, 3, 3, 5), RunOf(1, 1, 1, 6, 6)}, true);
  const Walk walk = pages.Finish();
  ASSERT_THAT(walk.queues, SizeIs(3));
  EXPECT_EQ(walk.queues[1].record.complete, 1U);
  EXPECT_THAT(walk.queues[1].groups, ElementsAre(Group{9, 5, 50, 1, 5}));
  EXPECT_THAT(walk.queues[2].groups, ElementsAre(Group{1, 1, 10, 6, 6}));
}

TEST(PageReaderTest, TypesOfASysvQueueAreAddedUp) {
  PageReader pages = ReaderOf(1);
  pages.Add(std::vector{QueueOf(kBpfSysv, "")},
            std::vector{RunOf(0, 7, 1, 1, 1), RunOf(0, 3, 1, 2, 2), RunOf(0, 7, 2, 3, 4)}, false);
  const Walk walk = pages.Finish();
  EXPECT_THAT(walk.queues[0].groups, ElementsAre(Group{3, 1, 10, 2, 2}, Group{7, 3, 30, 1, 4}));
}

TEST(PageReaderTest, NamespaceThatEndedIsLeftOut) {
  PageReader pages = ReaderOf(2);
  pages.LastSpaceEnded();
  pages.AddSpaces(std::vector{SpaceOf(102)});
  pages.Add(std::vector{QueueOf(kBpfPosix, "a", 0), QueueOf(kBpfPosix, "b", 1), QueueOf(kBpfPosix, "c", 2)}, {}, false);
  const Walk walk = pages.Finish();
  ASSERT_THAT(walk.queues, SizeIs(2));
  EXPECT_EQ(walk.queues[0].name, "a");
  EXPECT_EQ(walk.queues[1].name, "c");
  EXPECT_EQ(walk.spaces[walk.queues[1].record.space].ipc_namespace.inode, 102U);
}

TEST(PageReaderTest, IndicesBeyondThePageAreIgnored) {
  PageReader pages = ReaderOf(1);
  pages.Add(std::vector{QueueOf(kBpfPosix, "a"), QueueOf(kBpfPosix, "b", 9)}, std::vector{RunOf(2, 9, 1, 1, 1)}, false);
  const Walk walk = pages.Finish();
  ASSERT_THAT(walk.queues, SizeIs(1));
  EXPECT_THAT(walk.queues[0].groups, IsEmpty());
}

TEST(PageReaderTest, NameThatFillsItsRoomEndsThere) {
  auto queue = QueueOf(kBpfPosix, "");
  std::memset(queue.name, 'x', sizeof(queue.name));
  PageReader pages = ReaderOf(1);
  pages.Add(std::vector{queue}, {}, false);
  EXPECT_THAT(pages.Finish().queues[0].name, SizeIs(sizeof(queue.name)));
}

}  // namespace
}  // namespace mqueue::bpf
