#include "daemon/text/nearest.h"

#include <gtest/gtest.h>

#include <string>

namespace mqueue {
namespace {

constexpr std::string_view kKeys[] = {"interval", "queues", "reader", "max"};

TEST(Nearest, OneSlipIsForgiven) {
  EXPECT_EQ(Nearest("intervall", kKeys), "interval");
  EXPECT_EQ(Nearest("intrval", kKeys), "interval");
  EXPECT_EQ(Nearest("queuez", kKeys), "queues");
}

TEST(Nearest, FirstOfSeveralIsTaken) {
  constexpr std::string_view kAlike[] = {"ready", "reads"};
  EXPECT_EQ(Nearest("read", kAlike), "ready");
}

TEST(Nearest, NothingIsNearWhenMostLettersDiffer) {
  EXPECT_EQ(Nearest("colour", kKeys), "");
  EXPECT_EQ(Nearest("", kKeys), "");
  EXPECT_EQ(Nearest("mxy", kKeys), "");
}

TEST(Nearest, EndlessWordIsNearNothing) { EXPECT_EQ(Nearest(std::string(1000, 'q'), kKeys), ""); }

TEST(Suggestion, NamesTheNearestOrElseAll) {
  EXPECT_EQ(Suggestion("raeder", kKeys), "did you mean reader?");
  EXPECT_EQ(Suggestion("colour", kKeys), "known here: interval, queues, reader, max");
}

}  // namespace
}  // namespace mqueue
