#include "daemon/confinement/file_access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace mqueue::confinement {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class DirectoriesForTest : public ::testing::Test {
 protected:
  DirectoriesForTest() {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }

  std::string Path(const std::string& name) const { return root_ / name; }
  void Make(const std::string& name) const {
    fs::create_directories(fs::path(Path(name)).parent_path());
    std::ofstream(Path(name)) << "x";
  }

  const fs::path root_ = fs::canonical(testing::TempDir()) / "directories";
};

TEST_F(DirectoriesForTest, FileWithoutLinksNeedsItsDirectory) {
  Make("etc/web.yml");
  EXPECT_THAT(DirectoriesFor(Path("etc/web.yml")), ElementsAre(Path("etc")));
  EXPECT_THAT(DirectoriesFor(Path("etc/./absent/../web.yml")), ElementsAre(Path("etc")));
}

TEST_F(DirectoriesForTest, FileThatIsAbsentNeedsItsDirectory) {
  EXPECT_THAT(DirectoriesFor(Path("absent/tls.crt")), ElementsAre(Path("absent")));
}

TEST_F(DirectoriesForTest, FileInTheRootNeedsTheRoot) { EXPECT_THAT(DirectoriesFor("/web.yml"), ElementsAre("/")); }

TEST_F(DirectoriesForTest, RelativePathStartsAtTheWorkingDirectory) {
  EXPECT_THAT(DirectoriesFor("absent/tls.crt"), ElementsAre((fs::canonical(".") / "absent").string()));
}

TEST_F(DirectoriesForTest, LinkToADirectoryNeedsTheOneThatHoldsIt) {
  Make("v1/tls.crt");
  fs::create_symlink("v1", Path("current"));
  EXPECT_THAT(DirectoriesFor(Path("current/tls.crt")), UnorderedElementsAre(root_.string(), Path("v1")));
}

TEST_F(DirectoriesForTest, LinkToADirectoryElsewhereNeedsTheOneThatHoldsItsTarget) {
  Make("certificates/v1/tls.crt");
  Make("x/other");
  fs::create_symlink(Path("certificates/v1"), Path("x/current"));
  EXPECT_THAT(DirectoriesFor(Path("x/current/tls.crt")),
              UnorderedElementsAre(Path("x"), Path("certificates"), Path("certificates/v1")));
}

TEST_F(DirectoriesForTest, MountedSecretNeedsItsDirectory) {
  Make("secret/..2026/tls.crt");
  fs::create_symlink("..2026", Path("secret/..data"));
  fs::create_symlink("..data/tls.crt", Path("secret/tls.crt"));
  EXPECT_THAT(DirectoriesFor(Path("secret/tls.crt")), UnorderedElementsAre(Path("secret"), Path("secret/..2026")));
}

TEST_F(DirectoriesForTest, LinkToAFileNeedsBothDirectories) {
  Make("archive/host/cert1.pem");
  fs::create_directories(Path("live/host"));
  fs::create_symlink("../../archive/host/cert1.pem", Path("live/host/cert.pem"));
  EXPECT_THAT(DirectoriesFor(Path("live/host/cert.pem")),
              UnorderedElementsAre(Path("live/host"), Path("archive/host")));
}

TEST_F(DirectoriesForTest, LinkToItselfEnds) {
  fs::create_symlink("round", Path("round"));
  EXPECT_THAT(DirectoriesFor(Path("round/tls.crt")), testing::Contains(root_.string()));
}

TEST_F(DirectoriesForTest, LinkOfTheSystemAddsNothing) {
  if (!fs::is_symlink("/var/run")) GTEST_SKIP() << "no link /var/run here";
  EXPECT_THAT(DirectoriesFor("/var/run/absent/tls.crt"), ElementsAre("/run/absent"));
}

TEST_F(DirectoriesForTest, PipeOfAShellDoesNotAddTheDevices) {
  EXPECT_THAT(DirectoriesFor("/dev/fd/0"), testing::Not(testing::Contains("/dev")));
}

TEST_F(DirectoriesForTest, LinkNeverAddsTheRoot) {
  if (!fs::is_symlink("/bin")) GTEST_SKIP() << "no link /bin here";
  EXPECT_THAT(DirectoriesFor("/bin/sh"), testing::Not(testing::Contains("/")));
}

}  // namespace
}  // namespace mqueue::confinement
