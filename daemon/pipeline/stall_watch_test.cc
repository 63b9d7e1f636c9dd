#include "daemon/pipeline/stall_watch.h"

#include <gtest/gtest.h>

namespace mqueue::pipeline {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr StallWatch::Time kStart{seconds(1000)};

TEST(StallWatch, ShortIntervalsStallAfter30Seconds) {
  StallWatch watch;
  watch.Finished(kStart, milliseconds(100));
  EXPECT_EQ(watch.StalledFor(kStart + seconds(30), milliseconds(100)), std::nullopt);
  EXPECT_EQ(watch.StalledFor(kStart + milliseconds(31'500), milliseconds(100)), seconds(31));
}

TEST(StallWatch, LongIntervalsStallAfterThreeOfThem) {
  StallWatch watch;
  watch.Finished(kStart, seconds(20));
  EXPECT_EQ(watch.StalledFor(kStart + seconds(60), seconds(20)), std::nullopt);
  EXPECT_EQ(watch.StalledFor(kStart + seconds(61), seconds(20)), seconds(61));
}

TEST(StallWatch, FinishedRoundEndsTheStall) {
  StallWatch watch;
  watch.Finished(kStart, seconds(1));
  ASSERT_TRUE(watch.StalledFor(kStart + seconds(40), seconds(1)));
  watch.Finished(kStart + seconds(40), seconds(1));
  EXPECT_EQ(watch.StalledFor(kStart + seconds(70), seconds(1)), std::nullopt);
  EXPECT_EQ(watch.StalledFor(kStart + seconds(71), seconds(1)), seconds(31));
}

TEST(StallWatch, ShorterIntervalHoldsOnceARoundHasFinishedWithIt) {
  StallWatch watch;
  watch.Finished(kStart, seconds(60));
  EXPECT_EQ(watch.StalledFor(kStart + seconds(59), seconds(1)), std::nullopt);
  watch.Finished(kStart + seconds(60), seconds(1));
  EXPECT_EQ(watch.StalledFor(kStart + seconds(91), seconds(1)), seconds(31));
}

TEST(StallWatch, LongerIntervalHoldsAtOnce) {
  StallWatch watch;
  watch.Finished(kStart, seconds(1));
  EXPECT_EQ(watch.StalledFor(kStart + seconds(100), seconds(60)), std::nullopt);
}

}  // namespace
}  // namespace mqueue::pipeline
