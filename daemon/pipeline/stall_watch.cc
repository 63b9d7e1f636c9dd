#include "daemon/pipeline/stall_watch.h"

#include <algorithm>

namespace mqueue::pipeline {
namespace {

constexpr int kIntervals = 3;
constexpr std::chrono::milliseconds kLeast{30'000};

}  // namespace

void StallWatch::Finished(Time now, std::chrono::milliseconds interval) {
  last_ = now;
  interval_ = interval;
}

std::optional<std::chrono::seconds> StallWatch::StalledFor(Time now, std::chrono::milliseconds interval) const {
  const auto bound = std::max(kIntervals * std::max(interval, interval_), kLeast);
  if (now - last_ <= bound) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(now - last_);
}

}  // namespace mqueue::pipeline
