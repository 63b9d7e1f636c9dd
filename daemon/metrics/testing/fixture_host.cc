#include "daemon/metrics/testing/fixture_host.h"

#include <memory>
#include <utility>

#include "daemon/metrics/exporter_metrics.h"
#include "daemon/metrics/exposition.h"
#include "daemon/metrics/process_metrics.h"

namespace mqueue::metrics {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr IpcNamespace kHost = {.inode = IpcNamespace::kInitialInode};
constexpr IpcNamespace kContainer = {.inode = 4026532201, .generation = 1};
constexpr nanoseconds kNow = milliseconds(1'763'697'720'250);

using Policy = std::shared_ptr<const QueuePolicy>;

Policy Default() { return std::make_shared<QueuePolicy>(); }

Policy Payments() {
  QueuePolicy policy;
  policy.named = true;
  policy.labels = {{"team", "payments"}, {"runbook", "file:\\\\srv\\\"queues\""}};
  policy.priority_buckets = {0, 9, 31};
  return std::make_shared<QueuePolicy>(policy);
}

QueueState Posix(std::string name, std::uint64_t id, QueueSnapshot look, const Policy& policy = Default()) {
  return {.queue = {.ref = {.ipc = Ipc::kPosix, .ipc_namespace = kHost, .name = std::move(name), .id = id},
                    .policy = policy},
          .look = std::move(look),
          .read_interval = policy->interval};
}

QueueState Sysv(std::int32_t key, std::uint64_t id, QueueSnapshot look) {
  return {.queue = {.ref = {.ipc = Ipc::kSysv, .ipc_namespace = kHost, .name = SysvQueueName(key, id), .id = id},
                    .policy = Default()},
          .look = std::move(look),
          .read_interval = seconds(5)};
}

QueueState Failed(std::string name, LookErrorReason reason) {
  QueueState state = Posix(std::move(name), 99, {});
  state.look = std::unexpected(LookError{.reason = reason, .message = "mq_open failed"});
  return state;
}

// Everything that a reader of a patched kernel can tell.
QueueState Orders() {
  QueueState state = Posix("/orders", 11,
                           {.reader = ReaderKind::kSnapshot,
                            .messages = 7,
                            .messages_limit = 10,
                            .bytes = 896,
                            .message_size_limit = 8192,
                            .ownership = Ownership{.uid = 1000, .gid = 100, .mode = 0640},
                            .groups = {{{.value = 31, .messages = 1}, {.value = 9, .messages = 2}, {.messages = 4}}},
                            .head_priority = 31,
                            .sent = 12345,
                            .received = 12338,
                            .waiting_senders = 0,
                            .waiting_receivers = 2},
                           Payments());
  state.head = {.age = milliseconds(250), .timestamp = kNow - milliseconds(250)};
  state.oldest = {.age = seconds(3600), .timestamp = kNow - seconds(3600)};
  state.age_source = AgeSource::kKernel;
  state.read_interval = milliseconds(100);
  return state;
}

QueueState StuckSysv() {
  QueueState state =
      Sysv(0xbeef, 32768,
           {.reader = ReaderKind::kMsgCopy,
            .messages = 4000,
            .bytes = 16000,
            .bytes_limit = 16384,
            .message_size_limit = 8192,
            .ownership = Ownership{.uid = 0, .gid = 0, .mode = 0600},
            .groups = {{{.value = 1, .messages = 200}, {.value = 9'000'000'000'000'000'000U, .messages = 56}}},
            .truncated = true,
            .head_priority = 1,
            .last_sent = seconds(1'763'697'600)});
  state.head = {.age = nanoseconds(120'000'000'001), .timestamp = kNow - nanoseconds(120'000'000'001)};
  return state;
}

QueueState InContainer() {
  QueueState state = Posix("/orders", 3, {.messages = 0, .messages_limit = 10, .message_size_limit = 64});
  state.queue.ref.ipc_namespace = kContainer;
  return state;
}

}  // namespace

QueueStates Shared(std::vector<QueueState> states) {
  QueueStates shared;
  shared.reserve(states.size());
  for (QueueState& state : states) shared.push_back(std::make_shared<const QueueState>(std::move(state)));
  return shared;
}

Round MakeFixtureRound() {
  const QueueSnapshot empty = {.messages_limit = 10, .message_size_limit = 8192};
  Round round;
  round.queues = Shared({
      Orders(),
      StuckSysv(),
      InContainer(),
      Sysv(0, 7,
           {.reader = ReaderKind::kMsgStat, .bytes = 0, .bytes_limit = 16384, .last_received = seconds(1'763'697'000)}),
      Sysv(-1, 40,
           {.reader = ReaderKind::kMsgCopy, .bytes = 0, .bytes_limit = 16384, .groups = std::vector<PriorityGroup>()}),
      Posix("/a\"b\\c\nd", 21, empty),
      Posix("/a\\xff", 22, empty),
      Posix("/a\xFF", 23, empty),
      Posix("/\x1B[31m\xC3\xA9", 24, empty),
      Failed("/secret", LookErrorReason::kPermission),
      Failed("/short-lived", LookErrorReason::kGone),
      Posix("/zz-beyond-the-limit", 31, {.messages = 0, .messages_limit = 10, .bytes = 0}),
  });
  round.namespaces = {{.ipc = Ipc::kPosix, .ipc_namespace = kHost, .queues = 9, .queues_limit = 256},
                      {.ipc = Ipc::kPosix, .ipc_namespace = kContainer, .queues = 1},
                      {.ipc = Ipc::kSysv, .ipc_namespace = kHost, .queues = 3, .queues_limit = 32000}};
  round.residents = {{.ipc_namespace = kContainer, .pid = 4711, .comm = "pay\x01\xFF\\", .cgroup = "/pods/\"a\"\n"}};
  round.report = {.finished = {.realtime = kNow},
                  .duration = nanoseconds(2'125'000),
                  .stretch = milliseconds(250),
                  .queues = {{Ipc::kPosix, 8}, {Ipc::kSysv, 3}},
                  .excluded = 1,
                  .looks = 12,
                  .errors = {{LookErrorReason::kPermission, 1}, {LookErrorReason::kGone, 1}}};
  round.settings = {.max_queues = 10, .exact_priorities = true, .max_priorities = 2};
  return round;
}

std::string FixtureText(Format format, const std::string& procfs) {
  const auto self = std::make_shared<ExporterMetrics>(BuildInfo{.version = "0.1.0", .revision = "", .compiler = "g++"});
  self->ReloadDone(true, kNow - seconds(60));
  self->WebReloadDone(true);
  self->SetReaderSupported(ReaderKind::kSnapshot, true);
  self->SetReaderSupported(ReaderKind::kAttr, true);
  self->SetReaderSupported(ReaderKind::kMsgCopy, false);
  self->RequestServed("metrics", 200);
  Exposition exposition(self, {std::make_shared<ProcessMetrics>(procfs)});
  std::string result;
  exposition.Render(MakeFixtureRound(), [&](Format rendered, std::string text) {
    if (rendered == format) result = std::move(text);
  });
  return result;
}

}  // namespace mqueue::metrics
