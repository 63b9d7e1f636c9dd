#include "daemon/reader/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string>
#include <utility>

#include "daemon/confinement/capability_plan.h"
#include "daemon/os/clock.h"
#include "daemon/reader/ladder.h"

namespace mqueue::reader {
namespace {

using confinement::Capabilities;
using confinement::Capability;
using ::testing::HasSubstr;

const Support& Of(const std::vector<Support>& support, ReaderKind kind) {
  return *std::ranges::find(support, kind, &Support::reader);
}

std::vector<ReaderKind> KindsOf(std::span<const CatalogueEntry> catalogue) {
  std::vector<ReaderKind> kinds;
  for (const auto& entry : catalogue) kinds.push_back(entry.needs.kind);
  return kinds;
}

DirectoryResult NoDirectory() { return std::unexpected(os::Error{EPERM, "fsopen mqueue: not permitted"}); }

TEST(CatalogueTest, EveryReaderIsThereOnce) {
  std::vector<ReaderKind> all;
  for (const ReaderDescription& reader : kReaderDescriptions) all.push_back(reader.kind);
  EXPECT_THAT(KindsOf(Catalogue()), ::testing::UnorderedElementsAreArray(all));
}

TEST(CatalogueTest, EveryReaderIsSupportedOrSaysWhyNot) {
  auto directory = os::MqueueDirectory::MountDetached();
  ASSERT_TRUE(directory);
  const auto support = ProbeReaders(std::make_shared<const os::MqueueDirectory>(*std::move(directory)));
  ASSERT_EQ(support.size(), Catalogue().size());
  for (const Support& one : support) {
    EXPECT_TRUE(one.known);
    EXPECT_EQ(one.supported, one.obstacle.empty()) << ToString(one.reader) << ": " << one.obstacle;
  }
  EXPECT_TRUE(Of(support, ReaderKind::kAttr).supported);
}

TEST(CatalogueTest, WithoutMqueueFileSystemAttrIsNotSupportedAndSaysWhy) {
  const auto support = ProbeReaders(NoDirectory());
  EXPECT_FALSE(Of(support, ReaderKind::kAttr).supported);
  EXPECT_EQ(Of(support, ReaderKind::kAttr).obstacle, "fsopen mqueue: not permitted");
}

TEST(CatalogueTest, OnlySupportedReadersAreMadeBestFirst) {
  const std::vector<Support> support{{.reader = ReaderKind::kMsgStat, .supported = true},
                                     {.reader = ReaderKind::kMsgCopy, .supported = true}};
  const auto directory = NoDirectory();
  const auto readers = MakeReaders(support, {.directory = directory, .options = {}, .clock = os::Now});
  ASSERT_EQ(readers.size(), 2);
  EXPECT_EQ(readers[0]->kind(), ReaderKind::kMsgCopy);
  EXPECT_EQ(readers[1]->kind(), ReaderKind::kMsgStat);
}

// A reader in one file: everything that works from the catalogue accepts it in the place of the daemon's readers.
class FakeReader final : public Reader {
 public:
  ReaderKind kind() const override { return ReaderKind::kMsgStat; }
  std::vector<std::optional<Look>> LookAt(std::span<const QueueRef> queues, RoundContext&) override {
    return std::vector<std::optional<Look>>(queues.size(), QueueSnapshot{.reader = kind(), .messages = 42});
  }
};

constexpr Capability kFakeCapabilities[] = {Capability::kIpcOwner};
constexpr CatalogueEntry kFakes[] = {
    {.needs = {.kind = ReaderKind::kMsgStat, .to_read = kFakeCapabilities},
     .probe = [](const ProbeContext&) -> Support { return {.supported = true}; },
     .make = [](const ReaderInputs&) -> std::unique_ptr<Reader> { return std::make_unique<FakeReader>(); }}};

TEST(FakeReaderTest, IsProbedMadeAndRead) {
  const auto directory = NoDirectory();
  const auto support = ProbeReaders(directory, {}, kFakes);
  ASSERT_EQ(support.size(), 1);
  EXPECT_EQ(support.front().reader, ReaderKind::kMsgStat);
  const Ladder ladder(MakeReaders(support, {.directory = directory, .options = {}, .clock = os::Now}, kFakes));
  const WatchedQueue queue{{.ipc = Ipc::kSysv, .name = "7"}, std::make_shared<QueuePolicy>()};
  RoundContext context(std::chrono::hours(1));
  EXPECT_EQ((*ladder.LookAt({&queue, 1}, context).front())->messages, 42);
}

TEST(FakeReaderTest, ItsCapabilitiesArePlanned) {
  EXPECT_EQ(confinement::PlanFor({}, NeedsOf(kFakes)).to_read, Capabilities{Capability::kIpcOwner});
}

// The rows of the table of readers in README.md, without the edges.
std::vector<std::vector<std::string>> DocumentedReaders() {
  std::ifstream file("README.md");
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| reader | for |")) inside = true;
    if (!inside || line.starts_with("| reader |") || line.starts_with("| --- |")) continue;
    if (!line.starts_with("| ")) break;
    std::vector<std::string>& row = rows.emplace_back();
    for (std::size_t at = 2; at < line.size();) {
      const auto end = line.find(" |", at);
      row.push_back(line.substr(at, end - at));
      at = end + 3;
    }
  }
  return rows;
}

std::string DocumentedKinds(ReaderKind kind) {
  if (!Serves(kind, Ipc::kSysv)) return "POSIX";
  return Serves(kind, Ipc::kPosix) ? "both" : "SysV";
}

TEST(ReadmeTest, DescribesTheReadersInTheOrderOfTheCatalogue) {
  const auto rows = DocumentedReaders();
  ASSERT_EQ(rows.size(), Catalogue().size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const confinement::ReaderNeeds& needs = Catalogue()[i].needs;
    ASSERT_EQ(rows[i].size(), 4);
    EXPECT_EQ(rows[i][0], "`" + std::string(ToString(needs.kind)) + "`");
    EXPECT_EQ(rows[i][1], DocumentedKinds(needs.kind));
    if (needs.opens_queues && rows[i][3].starts_with("as `attr`")) continue;
    for (const Capability capability : needs.to_start) EXPECT_THAT(rows[i][3], HasSubstr(ToString(capability)));
    for (const Capability capability : needs.to_read) EXPECT_THAT(rows[i][3], HasSubstr(ToString(capability)));
    EXPECT_EQ(rows[i][3] == "nothing", needs.to_start.empty() && needs.to_read.empty());
  }
}

}  // namespace
}  // namespace mqueue::reader
