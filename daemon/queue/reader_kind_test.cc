#include "daemon/queue/reader_kind.h"

#include <gtest/gtest.h>

#include <string>

namespace mqueue {
namespace {

TEST(ReaderKindTest, NameAndKindAreConvertedBothWays) {
  for (const ReaderDescription& reader : kReaderDescriptions) {
    EXPECT_EQ(ReaderKindFromString(ToString(reader.kind)), reader.kind);
  }
  EXPECT_EQ(ToString(ReaderKind::kMsgCopy), "msg_copy");
  EXPECT_EQ(ReaderKindFromString("MSG_COPY"), std::nullopt);
  EXPECT_EQ(ReaderKindFromString("auto"), std::nullopt);
}

TEST(ReaderKindTest, OnlyBpfServesBothKindsOfQueues) {
  std::string posix;
  std::string sysv;
  for (const ReaderDescription& reader : kReaderDescriptions) {
    if (Serves(reader.kind, Ipc::kPosix)) posix += std::string(reader.name) + " ";
    if (Serves(reader.kind, Ipc::kSysv)) sysv += std::string(reader.name) + " ";
  }
  EXPECT_EQ(posix, "snapshot fcntl syscall bpf attr ");
  EXPECT_EQ(sysv, "bpf msg_copy msg_stat ");
}

}  // namespace
}  // namespace mqueue
