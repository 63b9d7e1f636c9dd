#include "daemon/metrics/queue_labels.h"

#include <gtest/gtest.h>

#include <memory>

namespace mqueue::metrics {
namespace {

QueueState Queue(std::string name, std::vector<std::pair<std::string, std::string>> labels) {
  auto policy = std::make_shared<QueuePolicy>();
  policy->labels = std::move(labels);
  return {.queue = {.ref = {.ipc_namespace = {.inode = IpcNamespace::kInitialInode}, .name = std::move(name)},
                    .policy = std::move(policy)},
          .look = QueueSnapshot{}};
}

TEST(QueueLabelTexts, EveryQueueCarriesTheStaticLabelsOfAll) {
  const QueueState a = Queue("/a", {{"team", "x"}});
  const QueueState b = Queue("/b", {{"owner", "y"}});
  const QueueState* const queues[] = {&a, &b};
  const QueueLabelTexts texts(queues);
  EXPECT_EQ(texts[0], R"(ipc="posix",ipc_namespace="host",queue="/a",owner="",team="x")");
  EXPECT_EQ(texts[1], R"(ipc="posix",ipc_namespace="host",queue="/b",owner="y",team="")");
}

TEST(QueueLabelTexts, NamesAreMadePrintableAndConfiguredValuesStay) {
  const QueueState queue = Queue("/a\\\xFF\"", {{"path", "c:\\x"}});
  const QueueState* const queues[] = {&queue};
  const QueueLabelTexts texts(queues);
  EXPECT_EQ(texts[0], R"(ipc="posix",ipc_namespace="host",queue="/a\\x5c\\xff\"",path="c:\\x")");
}

TEST(QueueLabelTexts, ConfiguredValueThatIsNotUtf8IsMadeValid) {
  const QueueState queue = Queue("/a", {{"path", "\xFF"}});
  const QueueState* const queues[] = {&queue};
  const QueueLabelTexts texts(queues);
  EXPECT_EQ(texts[0], R"(ipc="posix",ipc_namespace="host",queue="/a",path="\\xff")");
}

}  // namespace
}  // namespace mqueue::metrics
