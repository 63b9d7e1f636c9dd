#include "daemon/metrics/queue_collectable.h"

#include <gtest/gtest.h>

#include "daemon/metrics/exposition_writer.h"
#include "daemon/metrics/fixture_host.h"
#include "daemon/metrics/metric_family_writer.h"
#include "daemon/metrics/queue_limit.h"
#include "daemon/metrics/queue_writer.h"

namespace mqueue::metrics {
namespace {

// 120.000000001 s before a Unix time has more digits than the double in which the model keeps it.
FixtureHost HostWithoutNanoseconds() {
  FixtureHost host = MakeFixtureHost();
  for (QueueState& state : host.queues) {
    if (state.queue.ref.name == "0x0000beef") state.head->timestamp = std::chrono::seconds(1'763'697'600);
  }
  return host;
}

TEST(QueueCollectable, ModelReadsAsTheTextThatIsWrittenDirectly) {
  const FixtureHost host = HostWithoutNanoseconds();
  const SeriesLimits limits{.exact_priorities = true};
  const Selection selection = QueueLimit(1000).Choose(host.queues);
  QueueLabelTexts labels;
  labels.Assign(selection.shown);
  std::string direct;
  ExpositionWriter writer(Format::kText, direct);
  WriteQueueFamilies(selection.shown, labels, limits, writer);

  std::string model;
  WriteMetricFamilies(QueueCollectable([&] { return host.queues; }, limits).Collect(), Format::kText, model);
  EXPECT_EQ(model, direct);
}

TEST(QueueCollectable, NoQueuesAreNoFamilies) {
  EXPECT_TRUE(QueueCollectable([] { return std::vector<QueueState>(); }, {}).Collect().empty());
}

}  // namespace
}  // namespace mqueue::metrics
