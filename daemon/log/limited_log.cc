#include "daemon/log/limited_log.h"

#include <utility>

namespace mqueue::log {

LimitedLog::LimitedLog(Log log, Clock clock) : log_(std::move(log)), clock_(std::move(clock)) {}

void LimitedLog::Info(std::string_view event, std::string_view reason, std::initializer_list<Field> fields) {
  if (Admit({Level::kInfo, std::string(event), std::string(reason)})) log_.Info(event, fields);
}

void LimitedLog::Warn(std::string_view event, std::string_view reason, std::initializer_list<Field> fields) {
  if (Admit({Level::kWarn, std::string(event), std::string(reason)})) log_.Warn(event, fields);
}

void LimitedLog::WriteCounts() {
  const auto now = clock_();
  std::erase_if(periods_, [&](const auto& entry) {
    const auto& [kind, period] = entry;
    if (now - period.began < kPeriod) return false;
    if (period.lines > kLines) WriteCount(kind, period.lines - kLines);
    return true;
  });
}

bool LimitedLog::Admit(Kind kind) {
  WriteCounts();
  Period& period = periods_.try_emplace(std::move(kind), Period{.began = clock_()}).first->second;
  return ++period.lines <= kLines;
}

void LimitedLog::WriteCount(const Kind& kind, std::uint64_t suppressed) const {
  constexpr std::string_view kEvent = "similar lines suppressed, more than 10 in a minute";
  const Field lines{.key = "lines", .value = std::to_string(suppressed)};
  const Field event{.key = "event", .value = kind.event};
  const Field reason{.key = "reason", .value = kind.reason};
  if (kind.level == Level::kInfo) return log_.Info(kEvent, {lines, event, reason});
  log_.Warn(kEvent, {lines, event, reason});
}

}  // namespace mqueue::log
