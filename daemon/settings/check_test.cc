#include "daemon/settings/check.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace mqueue::settings {
namespace {

std::string Written(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

TEST(CheckConfig, GoodFileIsOk) {
  const std::string path = Written("good.yml", "interval: 1s\n");
  std::ostringstream out, err;
  EXPECT_EQ(CheckConfig({.path = path, .required = true}, out, err), 0);
  EXPECT_EQ(out.str(), path + ": ok\n");
  EXPECT_EQ(err.str(), "");
}

TEST(CheckConfig, AllErrorsAreShown) {
  const std::string path = Written("bad.yml", "intervall: 1s\nlimits: 3\n");
  std::ostringstream out, err;
  EXPECT_EQ(CheckConfig({.path = path, .required = true}, out, err), 1);
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(err.str(), path + ":1:1: unknown key \"intervall\"; did you mean interval?\n" + path +
                           ":2:9: limits is \"3\"; write a mapping of `key: value`\n");
}

TEST(CheckConfig, WarningsAreShownAndTheFileIsOk) {
  const std::string path = Written("warning.yml", "queues: [{match: '/a', labels: {job: a}}]\n");
  std::ostringstream out, err;
  EXPECT_EQ(CheckConfig({.path = path, .required = true}, out, err), 0);
  EXPECT_EQ(out.str(), path + ": ok\n");
  EXPECT_EQ(err.str().rfind("warning: " + path + ":1:33: Prometheus sets job itself", 0), 0U) << err.str();
}

TEST(CheckConfig, AbsentDefaultFileIsOkAndSaidToBeAbsent) {
  std::ostringstream out, err;
  EXPECT_EQ(CheckConfig({.path = "/nonexistent/a.yml", .required = false}, out, err), 0);
  EXPECT_EQ(out.str(), "/nonexistent/a.yml: ok, absent: the defaults serve\n");
}

TEST(CheckConfig, AbsentFileThatWasAskedForIsAnError) {
  std::ostringstream out, err;
  EXPECT_EQ(CheckConfig({.path = "/nonexistent/a.yml", .required = true}, out, err), 1);
  EXPECT_NE(err.str(), "");
}

}  // namespace
}  // namespace mqueue::settings
