#include "daemon/http/token_bucket.h"

#include <gtest/gtest.h>

namespace mqueue::http {
namespace {

using std::chrono::milliseconds;

const TokenBucket::TimePoint kNow{std::chrono::hours(1)};

TEST(TokenBucket, ABurstGoesThroughAndNoMore) {
  TokenBucket bucket(milliseconds(100), 3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.Take(kNow));
  EXPECT_FALSE(bucket.Take(kNow));
}

TEST(TokenBucket, OneTokenComesInEachInterval) {
  TokenBucket bucket(milliseconds(100), 1);
  EXPECT_TRUE(bucket.Take(kNow));
  EXPECT_FALSE(bucket.Take(kNow + milliseconds(99)));
  EXPECT_TRUE(bucket.Take(kNow + milliseconds(100)));
  EXPECT_FALSE(bucket.Take(kNow + milliseconds(199)));
}

TEST(TokenBucket, RefusedRequestCostsNothing) {
  TokenBucket bucket(milliseconds(100), 1);
  EXPECT_TRUE(bucket.Take(kNow));
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(bucket.Take(kNow));
  EXPECT_TRUE(bucket.Take(kNow + milliseconds(100)));
}

TEST(TokenBucket, NoMoreThanABurstIsSavedUp) {
  TokenBucket bucket(milliseconds(100), 2);
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(bucket.Take(kNow));
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(bucket.Take(kNow + std::chrono::hours(5)));
  EXPECT_FALSE(bucket.Take(kNow + std::chrono::hours(5)));
}

}  // namespace
}  // namespace mqueue::http
