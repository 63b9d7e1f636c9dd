#include "daemon/metrics/queue_families.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "daemon/metrics/number.h"

namespace mqueue::metrics {
namespace {

SampleValue ToSample(std::uint64_t count) { return count; }
SampleValue ToSample(bool flag) { return std::uint64_t{flag}; }
SampleValue ToSample(std::chrono::nanoseconds time) { return time; }

template <typename Value>
void Add(const Value& value, SeriesSink& sink) {
  sink.Add({}, ToSample(value));
}

template <typename Value>
void Add(const std::optional<Value>& value, SeriesSink& sink) {
  if (value) Add(*value, sink);
}

using Groups = std::optional<std::vector<PriorityGroup>>;

// What the look showed of the messages inside; absent where it failed or its reader cannot tell.
const Groups& GroupsOf(const QueueState& state) {
  static constexpr Groups kUnknown;
  return state.look ? state.look->groups : kUnknown;
}

/// The family of one member of QueueSnapshot.
template <auto member>
void FromLook(const QueueState& state, const RoundSettings&, SeriesSink& sink) {
  if (state.look) Add((*state.look).*member, sink);
}

/// The family of one member of QueueState::head or QueueState::oldest.
template <auto message, auto member>
void FromAge(const QueueState& state, const RoundSettings&, SeriesSink& sink) {
  const std::optional<MessageAge>& age = state.*message;
  if (state.look && age) Add((*age).*member, sink);
}

void CollectUp(const QueueState& state, const RoundSettings&, SeriesSink& sink) { Add(state.look.has_value(), sink); }

/// The histogram of the queues of one kind.
template <Ipc ipc>
const std::vector<PriorityGroup>* HistogramOf(const QueueState& state) {
  const Groups& groups = GroupsOf(state);
  return groups && state.queue.ref.ipc == ipc ? &*groups : nullptr;
}

std::string Decimal(std::uint64_t value) {
  std::string text;
  AppendInteger(value, text);
  return text;
}

void CollectPriorities(const QueueState& state, const RoundSettings& settings, SeriesSink& sink) {
  const Groups& groups = GroupsOf(state);
  if (!groups || !settings.exact_priorities) return;
  for (const PriorityGroup& group : std::span(*groups).first(std::min(settings.max_priorities, groups->size()))) {
    const std::string priority = Decimal(group.value);
    const LabelPair extra[] = {{"priority", priority}};
    sink.Add(extra, group.messages);
  }
}

// As `ls` and `chmod` have it: "0640".
std::string Octal(std::uint32_t mode) {
  std::string text = "0";
  for (const int shift : {6, 3, 0}) text += static_cast<char>('0' + (mode >> shift & 7));
  return text;
}

// As the configuration has it: "100ms", "5s".
std::string Interval(std::chrono::milliseconds interval) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(interval);
  const bool whole = seconds == interval;
  return Decimal(static_cast<std::uint64_t>(whole ? seconds.count() : interval.count())) + (whole ? "s" : "ms");
}

void CollectInfo(const QueueState& state, const RoundSettings&, SeriesSink& sink) {
  if (!state.look) return;
  const auto& owner = state.look->ownership;
  const std::string uid = owner ? Decimal(owner->uid) : "";
  const std::string gid = owner ? Decimal(owner->gid) : "";
  const std::string mode = owner ? Octal(owner->mode) : "";
  const std::string id = Decimal(state.queue.ref.id);
  const std::string interval = Interval(state.read_interval);
  const LabelPair extra[] = {{"reader", ToString(state.look->reader)},
                             {"age_source", ToString(state.age_source)},
                             {"uid", uid},
                             {"gid", gid},
                             {"mode", mode},
                             {"id", id},
                             {"read_interval", interval}};
  sink.Add(extra, std::uint64_t{1});
}

using enum FamilyType;

constexpr QueueFamily kFamilies[] = {
    {"mqueue_up",
     "Whether the last look at this queue worked. When it did not, the queue's other series are absent and "
     "mqueue_exporter_look_errors_total says why.",
     kGauge, CollectUp},
    {"mqueue_messages",
     "Messages queued (POSIX: mq_curmsgs from mq_getattr, MQ_IOC_SNAPSHOT or BPF; SysV: msg_qnum from "
     "msgctl(MSG_STAT_ANY)).",
     kGauge, FromLook<&QueueSnapshot::messages>},
    {"mqueue_messages_limit", "Messages the queue can hold (POSIX: mq_maxmsg from mq_getattr).", kGauge,
     FromLook<&QueueSnapshot::messages_limit>},
    {"mqueue_bytes",
     "Payload bytes queued (SysV: msg_cbytes from msgctl(MSG_STAT_ANY); POSIX: MQ_IOC_SNAPSHOT, BPF, or the sum over "
     "all "
     "messages where a peek saw them all). Absent where the reader cannot tell: attr does not, because reading the "
     "queue's file would change its times.",
     kGauge, FromLook<&QueueSnapshot::bytes>},
    {"mqueue_bytes_limit", "Payload bytes the queue can hold (SysV: msg_qbytes from msgctl(MSG_STAT_ANY)).", kGauge,
     FromLook<&QueueSnapshot::bytes_limit>},
    {"mqueue_message_size_limit_bytes",
     "The largest message the queue takes (POSIX: mq_msgsize from mq_getattr; SysV: the smaller of msgmax from "
     "msgctl(MSG_INFO) and msg_qbytes).",
     kGauge, FromLook<&QueueSnapshot::message_size_limit>},
    {"mqueue_message_priority",
     "Messages queued now, by priority (POSIX), from MQ_IOC_SNAPSHOT, F_MQ_PEEK, mq_timedreceive2(MQ_PEEK) or BPF; "
     "_gsum is "
     "the sum of the priorities. A gauge histogram: histogram_quantile() applies directly, rate() does not. Where "
     "mqueue_peek_truncated is 1 it covers the first messages only. Costs a step a priority in use for the snapshot, "
     "one "
     "copy a message looked at for the others.",
     kGaugeHistogram, nullptr, HistogramOf<Ipc::kPosix>},
    {"mqueue_message_type",
     "Messages queued now, by mtype (SysV), from msgrcv(MSG_COPY); _gsum is the sum of the types. A gauge histogram: "
     "histogram_quantile() applies directly, rate() does not. Where mqueue_peek_truncated is 1 it covers the first "
     "messages only. Costs one copy a message looked at.",
     kGaugeHistogram, nullptr, HistogramOf<Ipc::kSysv>},
    {"mqueue_priority_messages",
     "Messages queued now of each priority in use (SysV: of each type), from the same peek as the histogram. Only with "
     "exact_priorities.enabled; at most exact_priorities.max series a queue, mqueue_exporter_series_dropped counts the "
     "rest.",
     kGauge, CollectPriorities},
    {"mqueue_head_message_priority",
     "Priority of the message that the next receive returns (SysV: its type), from the same look as the histogram.",
     kGauge, FromLook<&QueueSnapshot::head_priority>},
    {"mqueue_head_message_age_seconds",
     "How long the message that the next receive returns had been queued at the last look. mqueue_queue_info says "
     "whether the kernel stored the time or the exporter observed it, which is a lower bound.",
     kGauge, FromAge<&QueueState::head, &MessageAge::age>},
    {"mqueue_head_message_timestamp_seconds",
     "When the message that the next receive returns was queued, Unix time: time() minus this is its age at any "
     "moment. From the kernel or observed, as mqueue_queue_info says.",
     kGauge, FromAge<&QueueState::head, &MessageAge::timestamp>},
    {"mqueue_oldest_message_age_seconds",
     "How long the oldest message of any priority had been queued at the last look, from MQ_IOC_SNAPSHOT. Far older "
     "than the head: a lower priority starves.",
     kGauge, FromAge<&QueueState::oldest, &MessageAge::age>},
    {"mqueue_oldest_message_timestamp_seconds",
     "When the oldest message of any priority was queued, Unix time, from MQ_IOC_SNAPSHOT: time() minus this is its "
     "age "
     "at any moment.",
     kGauge, FromAge<&QueueState::oldest, &MessageAge::timestamp>},
    {"mqueue_sent_messages_total",
     "Messages the queue has accepted since it was created, from MQ_IOC_SNAPSHOT: only where the kernel counts them.",
     kCounter, FromLook<&QueueSnapshot::sent>},
    {"mqueue_received_messages_total",
     "Messages the queue has handed out since it was created, from MQ_IOC_SNAPSHOT: only where the kernel counts them.",
     kCounter, FromLook<&QueueSnapshot::received>},
    {"mqueue_waiting_senders", "Tasks blocked on the full queue, from MQ_IOC_SNAPSHOT or BPF.", kGauge,
     FromLook<&QueueSnapshot::waiting_senders>},
    {"mqueue_waiting_receivers", "Tasks blocked on the queue, waiting for a message, from MQ_IOC_SNAPSHOT or BPF.",
     kGauge, FromLook<&QueueSnapshot::waiting_receivers>},
    {"mqueue_last_sent_timestamp_seconds",
     "When a message was last sent to the queue, Unix time (SysV: msg_stime from msgctl(MSG_STAT_ANY)). Absent when "
     "never.",
     kGauge, FromLook<&QueueSnapshot::last_sent>},
    {"mqueue_last_received_timestamp_seconds",
     "When a message was last received from the queue, Unix time (SysV: msg_rtime from msgctl(MSG_STAT_ANY)). Absent "
     "when never.",
     kGauge, FromLook<&QueueSnapshot::last_received>},
    {"mqueue_peek_truncated",
     "Whether the histogram covers only some of the messages: the queue held more than peek.max_messages lets the "
     "reader look at, or messages were received while it looked.",
     kGauge, FromLook<&QueueSnapshot::truncated>},
    {"mqueue_queue_info",
     "How the queue is read, where its ages come from (kernel or observed) and who owns it (fstat, or msg_perm from "
     "msgctl(MSG_STAT_ANY)); id is the inode number (POSIX) or the msqid (SysV); read_interval is "
     "how often it is read. To be joined; always 1.",
     kGauge, CollectInfo},
};

}  // namespace

std::span<const QueueFamily> QueueFamilies() { return kFamilies; }

std::uint64_t DroppedSeries(const QueueState& state, const RoundSettings& settings) {
  const Groups& groups = GroupsOf(state);
  if (!groups || !settings.exact_priorities) return 0;
  return groups->size() - std::min(settings.max_priorities, groups->size());
}

}  // namespace mqueue::metrics
