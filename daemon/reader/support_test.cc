#include "daemon/reader/support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "daemon/os/clock.h"

namespace mqueue::reader {
namespace {

const Support& Of(const std::vector<Support>& support, ReaderKind kind) {
  return *std::ranges::find(support, kind, &Support::reader);
}

std::vector<ReaderKind> Kinds(const std::vector<std::unique_ptr<Reader>>& readers) {
  std::vector<ReaderKind> kinds;
  for (const auto& reader : readers) kinds.push_back(reader->kind());
  return kinds;
}

DirectoryResult NoDirectory() { return std::unexpected(os::Error{EPERM, "fsopen mqueue: not permitted"}); }

TEST(ProbeReaders, EveryReaderHasAnAnswer) {
  const auto support = ProbeReaders(NoDirectory());
  std::vector<ReaderKind> kinds;
  for (const auto& one : support) kinds.push_back(one.reader);
  EXPECT_THAT(kinds, ::testing::UnorderedElementsAreArray(kReaderKinds));
}

TEST(ProbeReaders, WithoutMqueueFileSystemAttrIsNotSupportedAndSaysWhy) {
  const auto support = ProbeReaders(NoDirectory());
  EXPECT_FALSE(Of(support, ReaderKind::kAttr).supported);
  EXPECT_EQ(Of(support, ReaderKind::kAttr).obstacle, "fsopen mqueue: not permitted");
}

TEST(ProbeReaders, WithMqueueFileSystemAttrIsSupported) {
  auto directory = os::MqueueDirectory::MountDetached();
  ASSERT_TRUE(directory);
  const auto support = ProbeReaders(std::make_shared<const os::MqueueDirectory>(*std::move(directory)));
  EXPECT_TRUE(Of(support, ReaderKind::kAttr).supported);
}

TEST(MakeReaders, OnlySupportedReadersAreMadeBestFirst) {
  const std::vector<Support> support{{.reader = ReaderKind::kMsgStat, .supported = true},
                                     {.reader = ReaderKind::kMsgCopy, .supported = true}};
  EXPECT_THAT(Kinds(MakeReaders(support, NoDirectory(), {}, os::Now)),
              ::testing::ElementsAre(ReaderKind::kMsgCopy, ReaderKind::kMsgStat));
}

}  // namespace
}  // namespace mqueue::reader
