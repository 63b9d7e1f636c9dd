#include "daemon/build_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mqueue {
namespace {

TEST(ThisBuild, RevisionIsEmptyWithoutAStamp) { EXPECT_EQ(ThisBuild().revision, ""); }

TEST(VersionText, HasTheLinesOfPrometheusPrograms) {
  EXPECT_THAT(VersionText(), testing::MatchesRegex("mqueue_exporter, version [0-9]+\\.[0-9]+\\.[0-9]+ "
                                                   "\\(revision: unknown\\)\n"
                                                   "  compiler:         g\\+\\+ .+\n"
                                                   "  platform:         linux/.+\n"));
}

}  // namespace
}  // namespace mqueue
