#include "daemon/history/steady_timestamp.h"

#include <gtest/gtest.h>

namespace mqueue::history {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(SteadyTimestamp, JitterOfOneMessageIsNotShown) {
  SteadyTimestamp timestamp;
  EXPECT_EQ(timestamp.Show(seconds(1000), true), seconds(1000));
  EXPECT_EQ(timestamp.Show(seconds(1000) + milliseconds(100), true), seconds(1000));
  EXPECT_EQ(timestamp.Show(seconds(1000) - milliseconds(100), true), seconds(1000));
}

TEST(SteadyTimestamp, JitterDoesNotAddUp) {
  SteadyTimestamp timestamp;
  timestamp.Show(seconds(1000), true);
  timestamp.Show(seconds(1000) + milliseconds(80), true);
  EXPECT_EQ(timestamp.Show(seconds(1000) + milliseconds(160), true), seconds(1000) + milliseconds(160));
}

TEST(SteadyTimestamp, StepOfTheWallClockIsShown) {
  SteadyTimestamp timestamp;
  timestamp.Show(seconds(1000), true);
  EXPECT_EQ(timestamp.Show(seconds(4600), true), seconds(4600));
}

TEST(SteadyTimestamp, AnotherMessageStartsAnew) {
  SteadyTimestamp timestamp;
  timestamp.Show(seconds(1000), true);
  EXPECT_EQ(timestamp.Show(seconds(1000) + milliseconds(1), false), seconds(1000) + milliseconds(1));
}

}  // namespace
}  // namespace mqueue::history
