#include "daemon/text/url_path.h"

#include <gtest/gtest.h>

namespace mqueue {
namespace {

TEST(IsNormalPath, PathThatClientsSendAsItIsIsNormal) {
  for (const char* path : {"/", "/metrics", "/metrics/", "/a/b", "/.a/..b/c./d..", "/..."}) {
    EXPECT_TRUE(IsNormalPath(path)) << path;
  }
}

TEST(IsNormalPath, EmptyAndDotSegmentsAreNotNormal) {
  for (const char* path : {"//", "/a//b", "//a", "/a//", "/.", "/./x", "/x/.", "/x/./", "/..", "/../x", "/x/.."}) {
    EXPECT_FALSE(IsNormalPath(path)) << path;
  }
}

}  // namespace
}  // namespace mqueue
