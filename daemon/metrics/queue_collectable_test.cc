#include "daemon/metrics/queue_collectable.h"

#include <gtest/gtest.h>

#include "daemon/metrics/exposition_writer.h"
#include "daemon/metrics/metric_family_writer.h"
#include "daemon/metrics/queue_limit.h"
#include "daemon/metrics/queue_writer.h"
#include "daemon/metrics/testing/fixture_host.h"

namespace mqueue::metrics {
namespace {

// 120.000000001 s before a Unix time has more digits than the double in which the model keeps it.
QueueStates QueuesWithoutNanoseconds() {
  std::vector<QueueState> queues;
  for (const auto& state : MakeFixtureRound().queues) {
    queues.push_back(*state);
    if (state->queue.ref.name == "0x0000beef") queues.back().head->timestamp = std::chrono::seconds(1'763'697'600);
  }
  return Shared(std::move(queues));
}

TEST(QueueCollectable, ModelReadsAsTheTextThatIsWrittenDirectly) {
  const QueueStates queues = QueuesWithoutNanoseconds();
  const RoundSettings settings{.exact_priorities = true};
  const Selection selection = QueueLimit().Choose(queues, 1000);
  QueueLabelTexts labels;
  labels.Assign(selection.shown);
  std::string direct;
  ExpositionWriter writer(Format::kText, direct);
  WriteQueueFamilies(selection.shown, labels, settings, writer);

  std::string model;
  WriteMetricFamilies(QueueCollectable([&] { return queues; }, settings).Collect(), Format::kText, model);
  EXPECT_EQ(model, direct);
}

TEST(QueueCollectable, NoQueuesAreNoFamilies) {
  EXPECT_TRUE(QueueCollectable([] { return QueueStates(); }, {}).Collect().empty());
}

}  // namespace
}  // namespace mqueue::metrics
