#ifndef DAEMON_LOG_LIMITED_LOG_H_
#define DAEMON_LOG_LIMITED_LOG_H_

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "daemon/log/log.h"

namespace mqueue::log {

/// A log for events that any user of the host can cause in any number. Lines with the same level, event and reason are
/// one kind: of each kind, kLines are written per kPeriod, and when the period is over, one line says how many more
/// there were. Not thread-safe.
class LimitedLog {
 public:
  static constexpr std::uint64_t kLines = 10;
  static constexpr std::chrono::minutes kPeriod{1};

  /// Tells the time that has passed since any fixed moment.
  using Clock = std::function<std::chrono::nanoseconds()>;

  /// A period begins with the first line of a kind.
  LimitedLog(Log log, Clock clock);

  /// `event` and `reason` come from a small fixed set: they are kept for the period. The reason is not written as a
  /// field; it may be empty.
  void Info(std::string_view event, std::string_view reason, std::initializer_list<Field> fields);
  void Warn(std::string_view event, std::string_view reason, std::initializer_list<Field> fields);

  /// Writes the counts of the periods that are over. Info and Warn do it, too; call it at least once per kPeriod so
  /// that the last counts are written.
  void WriteCounts();

 private:
  struct Kind {
    Level level;
    std::string event;
    std::string reason;

    auto operator<=>(const Kind&) const = default;
  };
  struct Period {
    std::chrono::nanoseconds began{};
    std::uint64_t lines = 0;
  };

  // Whether one more line of the kind may be written now; counts it.
  bool Admit(Kind kind);
  void WriteCount(const Kind& kind, std::uint64_t suppressed) const;

  const Log log_;
  const Clock clock_;
  std::map<Kind, Period> periods_;
};

}  // namespace mqueue::log

#endif  // DAEMON_LOG_LIMITED_LOG_H_
