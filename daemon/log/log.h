#ifndef DAEMON_LOG_LOG_H_
#define DAEMON_LOG_LOG_H_

#include <spdlog/logger.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace mqueue::log {

enum class Level : std::uint8_t { kDebug, kInfo, kWarn, kError };
enum class Format : std::uint8_t { kLogfmt, kJson };

/// One `key=value` of a line. The value may be any bytes.
struct Field {
  std::string_view key;
  std::string value;
};

/// Writes one line an event, as logfmt (`time=… level=info msg="listening" address=":9992"`) or as JSON. Whatever the
/// values hold, a line is one line and valid. Thread-safe; copies share the sink.
class Log {
 public:
  /// Writes to stderr, what is at `level` or above.
  Log(Level level, Format format);
  /// Writes elsewhere.
  Log(Level level, Format format, spdlog::sink_ptr sink);

  /// `event` is a constant text without quotes or control characters; what varies is in the fields.
  void Debug(std::string_view event, std::initializer_list<Field> fields = {}) const;
  void Info(std::string_view event, std::initializer_list<Field> fields = {}) const;
  void Warn(std::string_view event, std::initializer_list<Field> fields = {}) const;
  void Error(std::string_view event, std::initializer_list<Field> fields = {}) const;

 private:
  void Write(spdlog::level::level_enum level, std::string_view event, std::initializer_list<Field> fields) const;

  Format format_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace mqueue::log

#endif  // DAEMON_LOG_LOG_H_
