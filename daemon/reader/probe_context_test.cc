#include "daemon/reader/probe_context.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>
#include <string>
#include <utility>

#include "daemon/reader/fcntl_reader.h"
#include "daemon/reader/snapshot_reader.h"
#include "daemon/reader/syscall_reader.h"

namespace mqueue::reader {
namespace {

DirectoryResult Directory() {
  auto directory = os::MqueueDirectory::MountDetached();
  if (!directory) return std::unexpected(directory.error());
  return std::make_shared<const os::MqueueDirectory>(*std::move(directory));
}

Support SupportAfter(const ProbeContext& context, int code) {
  return context.PosixCall([code](const os::UniqueFd&) -> os::Result<void> {
    if (code == 0) return {};
    return std::unexpected(os::Error{code, "told by the test"});
  });
}

TEST(ProbeContextTest, ErrorOfTheCallMeansUnsupportedAndAShortageMeansUnknown) {
  const auto directory = Directory();
  ASSERT_TRUE(directory);
  const ProbeOptions options;
  const ProbeContext context(directory, options);
  EXPECT_TRUE(SupportAfter(context, 0).supported);
  const Support unsupported = SupportAfter(context, ENOTTY);
  EXPECT_FALSE(unsupported.supported);
  EXPECT_TRUE(unsupported.known);
  EXPECT_EQ(unsupported.obstacle, "told by the test");
  for (const int shortage : {ENOSPC, EMFILE, ENFILE, ENOMEM}) {
    EXPECT_FALSE(SupportAfter(context, shortage).supported);
    EXPECT_FALSE(SupportAfter(context, shortage).known);
  }
}

TEST(ProbeContextTest, WithoutAnMqueueFileSystemNoCallIsTried) {
  const DirectoryResult none = std::unexpected(os::Error{EPERM, "fsopen mqueue: not permitted"});
  const ProbeOptions options;
  const Support support = SupportAfter(ProbeContext(none, options), 0);
  EXPECT_FALSE(support.supported);
  EXPECT_TRUE(support.known);
  EXPECT_EQ(support.obstacle, "fsopen mqueue: not permitted");
}

TEST(ProbeContextTest, CallThatTheKernelDoesNotNameIsTriedOnlyWhenForced) {
  const auto directory = Directory();
  ASSERT_TRUE(directory);
  ProbeOptions options{.kernel_functions = {"/dev/null"}};
  const Support unforced = SyscallReader::Probe(ProbeContext(directory, options));
  EXPECT_FALSE(unforced.supported);
  EXPECT_TRUE(unforced.known);
  EXPECT_EQ(unforced.obstacle, "the kernel does not name mq_timedreceive2");
  options.forced = {ReaderKind::kSyscall};
  EXPECT_NE(SyscallReader::Probe(ProbeContext(directory, options)).obstacle, unforced.obstacle);
}

TEST(ProbeContextTest, WithoutADescriptorNothingIsKnown) {
  const auto directory = Directory();
  ASSERT_TRUE(directory);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const ProbeOptions options;
  const ProbeContext context(directory, options);
  const Support probed[] = {SnapshotReader::Probe(context), FcntlReader::Probe(context), SyscallReader::Probe(context)};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  for (const Support& support : probed) {
    EXPECT_FALSE(support.known);
    EXPECT_FALSE(support.supported);
    EXPECT_NE(support.obstacle.find("Too many open files"), std::string::npos) << support.obstacle;
  }
}

}  // namespace
}  // namespace mqueue::reader
