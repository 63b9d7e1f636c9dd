#include "daemon/pipeline/look_log.h"

#include <string_view>
#include <utility>

namespace mqueue::pipeline {
namespace {

// What the log tells of a state; a line is written when it differs from the one before.
struct Telling {
  std::optional<LookErrorReason> failure;
  std::optional<ReaderKind> reader;
  std::size_t uncopied = 0;
};

Telling TellingOf(const QueueState& state) {
  if (!state.look) return {.failure = state.look.error().reason};
  return {.reader = state.look->reader, .uncopied = state.look->uncopied.size()};
}

}  // namespace

void LookLog::Looked(const QueueState* before, const QueueState& after) {
  const Telling was = before != nullptr ? TellingOf(*before) : Telling{};
  const Telling is = TellingOf(after);
  const log::Field queue{"queue", after.queue.ref.name};
  const log::Field ipc{"ipc", std::string(ToString(after.queue.ref.ipc))};
  if (is.failure == LookErrorReason::kGone) return;
  if (is.failure && is.failure != was.failure) {
    log_.Warn("cannot look into a queue", ToString(*is.failure), {ipc, queue, {"error", after.look.error().message}});
  }
  if (was.failure && !is.failure) log_.Info("can look into a queue again", "", {ipc, queue});
  if (is.reader && was.reader != is.reader) TellReader(was.reader, after);
  if (is.uncopied > 0 && was.uncopied == 0) {
    log_.Warn("messages cannot be copied and are left out; raise kernel.msgmax to what they were sent under", "",
              {ipc,
               queue,
               {"first_index", std::to_string(after.look->uncopied.front())},
               {"messages", std::to_string(is.uncopied)}});
  }
}

void LookLog::TellReader(std::optional<ReaderKind> was, const QueueState& state) {
  const std::string& handed_down = state.look->handed_down;
  // A queue that is met for the first time and read as well as can be is no news.
  if (!was && handed_down.empty()) return;
  constexpr std::string_view kEvent = "a queue is read by another reader";
  const log::Field ipc{"ipc", std::string(ToString(state.queue.ref.ipc))};
  const log::Field queue{"queue", state.queue.ref.name};
  const log::Field now{"reader", std::string(ToString(state.look->reader))};
  const log::Field before{"was", was ? std::string(ToString(*was)) : "none"};
  if (handed_down.empty()) return log_.Info(kEvent, now.value, {ipc, queue, now, before});
  log_.Info(kEvent, now.value, {ipc, queue, now, before, {"because", handed_down}});
}

void LookLog::Discovered(const std::vector<os::Error>& errors) {
  std::set<std::string> current;
  for (const os::Error& error : errors) {
    if (!known_errors_.contains(error.message)) log_.Warn("cannot list queues", "", {{"error", error.message}});
    current.insert(error.message);
  }
  known_errors_ = std::move(current);
  log_.WriteCounts();
}

}  // namespace mqueue::pipeline
