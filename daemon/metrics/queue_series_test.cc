#include "daemon/metrics/queue_series.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "daemon/metrics/testing/fixture_host.h"

namespace mqueue::metrics {
namespace {

std::vector<const QueueState*> Pointers(const QueueStates& states) {
  std::vector<const QueueState*> pointers;
  std::ranges::transform(states, std::back_inserter(pointers), [](const auto& state) { return state.get(); });
  return pointers;
}

std::string Written(const QueueStates& states, Format format) {
  std::string text;
  ExpositionWriter writer(format, text);
  QueueSeries(Pointers(states), {}).Write(writer);
  return text;
}

QueueState Queue(const std::string& name, std::vector<PriorityGroup> groups, std::vector<std::uint64_t> bounds) {
  auto policy = std::make_shared<QueuePolicy>();
  policy->priority_buckets = std::move(bounds);
  return {.queue = {.ref = {.ipc_namespace = {.inode = IpcNamespace::kInitialInode}, .name = name}, .policy = policy},
          .look = QueueSnapshot{.groups = std::move(groups)}};
}

// The lines of the families whose name contains `part`.
std::string LinesWith(const std::string& part, const std::string& text) {
  std::istringstream lines(text);
  std::string found;
  for (std::string line; std::getline(lines, line);) {
    if (line.contains(part) && !line.starts_with("# HELP")) found += line + '\n';
  }
  return found;
}

TEST(QueueSeries, NoQueuesAreNoFamilies) {
  EXPECT_EQ(Written({}, Format::kText), "");
  EXPECT_EQ(Written({}, Format::kOpenMetrics), "");
}

TEST(QueueSeries, OpenMetricsKeepsTheHistogramOfAQueueTogether) {
  const auto text = Written(Shared({Queue("/a", {{3, 2}}, {1}), Queue("/b", {}, {})}), Format::kOpenMetrics);
  const std::string a = R"({ipc="posix",ipc_namespace="host",queue="/a")";
  const std::string b = R"({ipc="posix",ipc_namespace="host",queue="/b")";
  EXPECT_EQ(LinesWith("mqueue_message_priority", text),
            "# TYPE mqueue_message_priority gaugehistogram\n"
            "mqueue_message_priority_bucket" +
                a +
                ",le=\"1.0\"} 0\n"
                "mqueue_message_priority_bucket" +
                a +
                ",le=\"+Inf\"} 2\n"
                "mqueue_message_priority_gcount" +
                a +
                "} 2\n"
                "mqueue_message_priority_gsum" +
                a +
                "} 6\n"
                "mqueue_message_priority_bucket" +
                b +
                ",le=\"+Inf\"} 0\n"
                "mqueue_message_priority_gcount" +
                b +
                "} 0\n"
                "mqueue_message_priority_gsum" +
                b + "} 0\n");
}

TEST(QueueSeries, TextMakesAFamilyOfEachPartOfAHistogram) {
  const auto text = Written(Shared({Queue("/a", {{3, 2}}, {}), Queue("/b", {{1, 1}}, {})}), Format::kText);
  const std::string a = R"({ipc="posix",ipc_namespace="host",queue="/a")";
  const std::string b = R"({ipc="posix",ipc_namespace="host",queue="/b")";
  EXPECT_EQ(LinesWith("mqueue_message_priority", text),
            "# TYPE mqueue_message_priority_bucket untyped\n"
            "mqueue_message_priority_bucket" +
                a +
                ",le=\"+Inf\"} 2\n"
                "mqueue_message_priority_bucket" +
                b +
                ",le=\"+Inf\"} 1\n"
                "# TYPE mqueue_message_priority_gcount untyped\n"
                "mqueue_message_priority_gcount" +
                a +
                "} 2\n"
                "mqueue_message_priority_gcount" +
                b +
                "} 1\n"
                "# TYPE mqueue_message_priority_gsum untyped\n"
                "mqueue_message_priority_gsum" +
                a +
                "} 6\n"
                "mqueue_message_priority_gsum" +
                b + "} 1\n");
}

TEST(QueueSeries, ExpectedSizeChangesNothing) {
  const Round round = MakeFixtureRound();
  std::string text;
  ExpositionWriter writer(Format::kText, text);
  const QueueSeries series(Pointers(round.queues), {}, 1'000'000);
  series.Write(writer);
  EXPECT_EQ(text, Written(round.queues, Format::kText));
  EXPECT_LT(series.size(), text.size());
}

}  // namespace
}  // namespace mqueue::metrics
