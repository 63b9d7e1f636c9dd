#include "daemon/os/private_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>

namespace mqueue::os {
namespace {

// The flags of the mapping that begins there, or "" when there is none.
std::string FlagsAt(const void* address) {
  std::ostringstream begin;
  begin << std::hex << reinterpret_cast<std::uintptr_t>(address) << '-';
  std::ifstream maps("/proc/self/smaps");
  std::string line;
  bool found = false;
  while (std::getline(maps, line)) {
    found = found || line.starts_with(begin.str());
    if (found && line.starts_with("VmFlags:")) return line;
  }
  return "";
}

TEST(PrivateMemory, IsZeroedAndNotDumped) {
  const PrivateMemory memory = PrivateMemory::Allocate(10000).value();
  ASSERT_EQ(memory.bytes().size(), 10000);
  EXPECT_TRUE(std::ranges::all_of(memory.bytes(), [](std::byte byte) { return byte == std::byte{0}; }));
  // "dd": do not dump.
  EXPECT_NE(FlagsAt(memory.bytes().data()).find(" dd"), std::string::npos);
}

TEST(PrivateMemory, IsGoneWithTheObjectThatHasItLast) {
  const void* address = nullptr;
  {
    PrivateMemory first = PrivateMemory::Allocate(1 << 20).value();
    address = first.bytes().data();
    const PrivateMemory second = std::move(first);
    EXPECT_EQ(second.bytes().data(), address);
    EXPECT_NE(FlagsAt(address), "");
  }
  EXPECT_EQ(FlagsAt(address), "");
}

TEST(PrivateMemory, RefusedMemoryIsAnError) {
  const auto memory = PrivateMemory::Allocate(std::size_t{1} << 62);
  ASSERT_FALSE(memory);
  EXPECT_EQ(memory.error().code, ENOMEM);
}

}  // namespace
}  // namespace mqueue::os
