#include "daemon/build_info.h"

#include <string_view>

#include "daemon/stamp.h"
#include "daemon/version.h"

namespace mqueue {
namespace {

#if defined(__x86_64__)
constexpr char kArchitecture[] = "amd64";
#elif defined(__aarch64__)
constexpr char kArchitecture[] = "arm64";
#elif defined(__riscv)
constexpr char kArchitecture[] = "riscv64";
#else
constexpr char kArchitecture[] = "unknown";
#endif

// What Bazel writes in the place of the label of a build that is not stamped.
constexpr std::string_view kNotStamped = "redacted";

}  // namespace

metrics::BuildInfo ThisBuild() {
  return {.version = kVersion, .revision = kStamp == kNotStamped ? "" : kStamp, .compiler = "g++ " __VERSION__};
}

std::string VersionText() {
  const metrics::BuildInfo build = ThisBuild();
  const std::string revision = build.revision.empty() ? "unknown" : build.revision;
  return "mqueue_exporter, version " + build.version + " (revision: " + revision + ")\n" +
         "  compiler:         " + build.compiler + "\n" +  //
         "  platform:         linux/" + kArchitecture + "\n";
}

}  // namespace mqueue
