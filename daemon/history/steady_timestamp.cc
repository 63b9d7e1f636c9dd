#include "daemon/history/steady_timestamp.h"

namespace mqueue::history {
namespace {

constexpr std::chrono::milliseconds kJitter{100};

}  // namespace

std::chrono::nanoseconds SteadyTimestamp::Show(std::chrono::nanoseconds computed, bool same_message) {
  const bool keep = same_message && shown_ && std::chrono::abs(computed - *shown_) <= kJitter;
  if (!keep) shown_ = computed;
  return *shown_;
}

}  // namespace mqueue::history
