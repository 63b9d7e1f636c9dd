#include "daemon/last_resort.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <thread>

namespace mqueue {
namespace {

class LastResortDeathTest : public ::testing::Test {
 protected:
  LastResortDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

void Install() { EndOnUnhandledException(log::Log(log::Level::kInfo, log::Format::kLogfmt)); }

TEST_F(LastResortDeathTest, ExceptionOfAThreadIsOneLineAndExitsWith1) {
  EXPECT_EXIT(
      {
        Install();
        std::thread([] { throw std::runtime_error("told by the test"); }).join();
      },
      ::testing::ExitedWithCode(1), "^time=[^\n]* level=error msg=\"[^\n]*\" error=\"told by the test\"\n$");
}

TEST_F(LastResortDeathTest, MissingMemoryIsNamed) {
  EXPECT_EXIT(
      {
        Install();
        std::thread([] { throw std::bad_alloc(); }).join();
      },
      ::testing::ExitedWithCode(1), "error=\"std::bad_alloc\"");
}

TEST_F(LastResortDeathTest, AnyObjectMayBeThrown) {
  EXPECT_EXIT(
      {
        Install();
        std::thread([] { throw 1; }).join();
      },
      ::testing::ExitedWithCode(1), "unknown type");
}

}  // namespace
}  // namespace mqueue
