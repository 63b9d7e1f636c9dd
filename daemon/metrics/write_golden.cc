// Writes the golden files anew, for a reviewer to read the difference:
//   bazel run //daemon/metrics:write_golden -- "$PWD/daemon/metrics/testdata"
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "daemon/metrics/fixture_host.h"

int main(int argc, char** argv) {
  using mqueue::metrics::Format;
  if (argc != 2) {
    std::cerr << "usage: write_golden DIRECTORY\n";
    return EXIT_FAILURE;
  }
  const std::string directory = argv[1];
  std::ofstream text(directory + "/host.txt");
  text << mqueue::metrics::FixtureText(Format::kText, directory + "/proc");
  std::ofstream open_metrics(directory + "/host.openmetrics.txt");
  open_metrics << mqueue::metrics::FixtureText(Format::kOpenMetrics, directory + "/proc");
  text.close();
  open_metrics.close();
  return text && open_metrics ? EXIT_SUCCESS : EXIT_FAILURE;
}
