#include "daemon/os/kernel_names.h"

#include <gtest/gtest.h>

#include <fstream>

namespace mqueue::os {
namespace {

class KernelNamesTest : public ::testing::Test {
 protected:
  std::string List(const std::string& file, const std::string& content) const {
    const std::string path = ::testing::TempDir() + "/" + file;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  bool Names(const std::string& content) const {
    return KernelNamesSyscall("mq_timedreceive2", {List("kallsyms", content)});
  }
};

TEST_F(KernelNamesTest, EntryOfAnyArchitectureNamesTheCall) {
  EXPECT_TRUE(Names("0000000000000000 T __x64_sys_mq_timedreceive2\n"));
  EXPECT_TRUE(Names("0000000000000000 T __arm64_sys_mq_timedreceive2\n0000000000000000 T other\n"));
  EXPECT_TRUE(Names(std::string("\0__x64_sys_mq_timedreceive2\0next", 32)));
}

TEST_F(KernelNamesTest, NameAtTheVeryEndCounts) { EXPECT_TRUE(Names("T __x64_sys_mq_timedreceive2")); }

TEST_F(KernelNamesTest, OtherNamesAroundItDoNot) {
  EXPECT_FALSE(Names("0000000000000000 T __x64_sys_mq_timedreceive\n"));
  EXPECT_FALSE(Names("0000000000000000 T __x64_sys_mq_timedreceive2_time32\n"));
  EXPECT_FALSE(Names("0000000000000000 t mq_timedreceive2\n"));
  EXPECT_FALSE(Names(std::string("\0mq_timedreceive2_args\0", 23)));
}

TEST_F(KernelNamesTest, NameAcrossTwoChunksIsFound) {
  constexpr std::size_t kChunk = 1 << 18;
  for (std::size_t cut = 0; cut <= 30; ++cut) {
    const std::string before(kChunk - cut, '\n');
    EXPECT_TRUE(Names(before + "__x64_sys_mq_timedreceive2" + '\n')) << cut;
    EXPECT_TRUE(Names(before + "__x64_sys_mq_timedreceive2")) << cut;
    EXPECT_FALSE(Names(before + "__x64_sys_mq_timedreceive2_time32" + '\n')) << cut;
  }
}

TEST_F(KernelNamesTest, FirstListThatCanBeReadDecides) {
  const std::string with = List("with", "T __x64_sys_mq_timedreceive2\n");
  const std::string without = List("without", "T __x64_sys_mq_open\n");
  EXPECT_TRUE(KernelNamesSyscall("mq_timedreceive2", {"/does/not/exist", with, without}));
  EXPECT_FALSE(KernelNamesSyscall("mq_timedreceive2", {without, with}));
  EXPECT_FALSE(KernelNamesSyscall("mq_timedreceive2", {"/does/not/exist"}));
}

}  // namespace
}  // namespace mqueue::os
