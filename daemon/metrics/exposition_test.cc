#include "daemon/metrics/exposition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "daemon/metrics/testing/fixture_host.h"

namespace mqueue::metrics {
namespace {

constexpr char kTestdata[] = "daemon/metrics/testdata";

std::string Fixture(Format format) { return FixtureText(format, "daemon/os/testdata/proc"); }

std::string Golden(const std::string& name) {
  std::ifstream file(std::string(kTestdata) + "/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> SortedSeries(const std::string& text) {
  std::vector<std::string> series;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('#')) series.push_back(line);
  }
  std::ranges::sort(series);
  return series;
}

// To accept a difference: bazel run //daemon/metrics/testing:write_golden
TEST(Exposition, TextOfTheFixtureHostIsTheGoldenFile) { EXPECT_EQ(Fixture(Format::kText), Golden("host.txt")); }

TEST(Exposition, OpenMetricsOfTheFixtureHostIsTheGoldenFile) {
  EXPECT_EQ(Fixture(Format::kOpenMetrics), Golden("host.openmetrics.txt"));
}

TEST(Exposition, BothFormatsHaveTheSameSeriesWithTheSameValues) {
  EXPECT_EQ(SortedSeries(Fixture(Format::kText)), SortedSeries(Fixture(Format::kOpenMetrics)));
}

TEST(Exposition, NoSeriesComesTwice) {
  std::vector<std::string> series = SortedSeries(Fixture(Format::kText));
  for (std::string& line : series) line.resize(line.rfind(' '));
  EXPECT_EQ(std::ranges::adjacent_find(series), series.end());
}

TEST(Exposition, GoneQueueLeavesNothingBehindInTheNextRound) {
  Exposition exposition(std::make_shared<ExporterMetrics>(BuildInfo{}), {});
  Round round = MakeFixtureRound();
  std::string text;
  const auto keep = [&](Format, std::string rendered) { text = std::move(rendered); };
  exposition.Render(round, keep);
  EXPECT_TRUE(text.contains("/secret"));
  std::erase_if(round.queues, [](const auto& state) { return state->queue.ref.name == "/secret"; });
  exposition.Render(round, keep);
  EXPECT_FALSE(text.contains("/secret"));
}

TEST(Exposition, EachRoundIsRenderedUnderItsOwnSettings) {
  Exposition exposition(std::make_shared<ExporterMetrics>(BuildInfo{}), {});
  const Round round = MakeFixtureRound();
  std::string text;
  const auto keep = [&](Format, std::string rendered) { text = std::move(rendered); };
  exposition.Render({.queues = round.queues, .settings = {.max_queues = 0}}, keep);
  EXPECT_FALSE(text.contains("mqueue_up"));
  exposition.Render({.queues = round.queues}, keep);
  EXPECT_TRUE(text.contains("mqueue_up"));
  EXPECT_FALSE(text.contains("mqueue_priority_messages{"));
  EXPECT_FALSE(text.contains("mqueue_other_"));
}

TEST(Exposition, HostWithoutQueuesIsACompleteExposition) {
  Exposition exposition(std::make_shared<ExporterMetrics>(BuildInfo{}), {});
  std::vector<Format> formats;
  exposition.Render({}, [&](Format format, const std::string& text) {
    formats.push_back(format);
    EXPECT_TRUE(text.starts_with("# HELP mqueue_exporter_"));
    EXPECT_EQ(text.ends_with("\n# EOF\n"), format == Format::kOpenMetrics);
  });
  EXPECT_EQ(formats, std::vector(std::begin(kFormats), std::end(kFormats)));
}

}  // namespace
}  // namespace mqueue::metrics
