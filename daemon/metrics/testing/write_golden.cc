// Writes the golden files again, so that a reviewer can read the difference:
//   bazel run //daemon/metrics/testing:write_golden
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "daemon/metrics/testing/fixture_host.h"

int main() {
  using mqueue::metrics::FixtureText;
  using mqueue::metrics::Format;
  const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  if (workspace == nullptr) {
    std::cerr << "start it with bazel run //daemon/metrics/testing:write_golden\n";
    return EXIT_FAILURE;
  }
  const std::string daemon = std::string(workspace) + "/daemon";
  const std::string procfs = daemon + "/os/testdata/proc";
  std::ofstream text(daemon + "/metrics/testdata/host.txt");
  text << FixtureText(Format::kText, procfs);
  std::ofstream open_metrics(daemon + "/metrics/testdata/host.openmetrics.txt");
  open_metrics << FixtureText(Format::kOpenMetrics, procfs);
  text.close();
  open_metrics.close();
  return text && open_metrics ? EXIT_SUCCESS : EXIT_FAILURE;
}
