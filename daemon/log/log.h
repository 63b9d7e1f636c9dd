#ifndef DAEMON_LOG_LOG_H_
#define DAEMON_LOG_LOG_H_

#include <spdlog/logger.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>

#include "daemon/log/background_sink.h"
#include "daemon/log/level.h"
#include "daemon/log/line.h"

namespace mqueue::log {

/// Writes one line per event, as logfmt (`time=… level=info msg="listening" address=":9992"`) or as JSON. Whatever the
/// values contain, the result is one valid line. Thread-safe; copies share the sink.
class Log {
 public:
  /// Writes lines at `level` or above to stderr, without blocking the caller; see BackgroundSink.
  Log(Level level, Format format);
  /// Writes to `sink` on the calling thread.
  Log(Level level, Format format, spdlog::sink_ptr sink);

  /// Starts the thread that writes to stderr; see BackgroundSink::StartThread.
  bool StartThread() const;
  /// Waits at most `grace` until every line is written. Returns false if some are not, because nobody reads stderr:
  /// leave the process by _exit then, since destroying the log would block. Call it when no other thread logs any more.
  bool Finish(std::chrono::milliseconds grace) const;
  /// Lines that were dropped instead of written.
  std::uint64_t LinesDropped() const;

  /// `event` is a constant text without quotes or control characters; what varies is in the fields.
  void Debug(std::string_view event, std::initializer_list<Field> fields = {}) const;
  void Info(std::string_view event, std::initializer_list<Field> fields = {}) const;
  void Warn(std::string_view event, std::initializer_list<Field> fields = {}) const;
  void Error(std::string_view event, std::initializer_list<Field> fields = {}) const;

 private:
  Log(Level level, Format format, std::shared_ptr<BackgroundSink> stderr_sink);
  void Write(spdlog::level::level_enum level, std::string_view event, std::initializer_list<Field> fields) const;

  Format format_;
  // Null for a log that was given a sink.
  std::shared_ptr<BackgroundSink> stderr_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace mqueue::log

#endif  // DAEMON_LOG_LOG_H_
