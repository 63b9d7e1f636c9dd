#include "daemon/os/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace mqueue::os {
namespace {

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

int OpenSomething() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

TEST(UniqueFd, ClosesAtEndOfScope) {
  const int raw = OpenSomething();
  {
    const UniqueFd fd(raw);
    EXPECT_TRUE(IsOpen(raw));
  }
  EXPECT_FALSE(IsOpen(raw));
}

TEST(UniqueFd, MovedFromOwnsNothing) {
  UniqueFd first(OpenSomething());
  const int raw = first.get();
  {
    const UniqueFd second(std::move(first));
    EXPECT_EQ(second.get(), raw);
    EXPECT_TRUE(IsOpen(raw));
  }
  EXPECT_FALSE(IsOpen(raw));
}

TEST(UniqueFd, ReleaseLeavesTheDescriptorOpen) {
  const UniqueFd keeper(OpenSomething());
  UniqueFd fd(::dup(keeper.get()));
  const UniqueFd taken(fd.release());
  EXPECT_FALSE(fd);
  EXPECT_TRUE(IsOpen(taken.get()));
}

TEST(UniqueFd, FailedOpenIsNone) { EXPECT_FALSE(UniqueFd(::open("/nonexistent", O_RDONLY | O_CLOEXEC))); }

}  // namespace
}  // namespace mqueue::os
