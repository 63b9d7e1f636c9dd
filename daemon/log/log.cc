#include "daemon/log/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "daemon/queue/printable_name.h"

namespace mqueue::log {
namespace {

constexpr char kLogfmtPattern[] = "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v";
constexpr char kJsonPattern[] = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";

spdlog::level::level_enum ToSpdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarn:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  __builtin_unreachable();
}

// A JSON string, which logfmt readers take as well. PrintableName leaves a newline as the only control character.
std::string Quote(std::string_view value) {
  std::string quoted = "\"";
  for (const char c : PrintableName(value)) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace

Log::Log(Level level, Format format) : Log(level, format, std::make_shared<spdlog::sinks::stderr_sink_mt>()) {}

Log::Log(Level level, Format format, spdlog::sink_ptr sink)
    : format_(format), logger_(std::make_shared<spdlog::logger>("mqueue_exporter", std::move(sink))) {
  logger_->set_level(ToSpdlog(level));
  logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      format == Format::kJson ? kJsonPattern : kLogfmtPattern, spdlog::pattern_time_type::utc));
}

void Log::Debug(std::string_view event, std::initializer_list<Field> fields) const {
  Write(spdlog::level::debug, event, fields);
}
void Log::Info(std::string_view event, std::initializer_list<Field> fields) const {
  Write(spdlog::level::info, event, fields);
}
void Log::Warn(std::string_view event, std::initializer_list<Field> fields) const {
  Write(spdlog::level::warn, event, fields);
}
void Log::Error(std::string_view event, std::initializer_list<Field> fields) const {
  Write(spdlog::level::err, event, fields);
}

void Log::Write(spdlog::level::level_enum level, std::string_view event, std::initializer_list<Field> fields) const {
  if (!logger_->should_log(level)) return;
  const bool json = format_ == Format::kJson;
  std::string line = (json ? "\"msg\":" : "msg=") + Quote(event);
  for (const Field& field : fields) {
    line += json ? ",\"" : " ";
    line += field.key;
    line += json ? "\":" : "=";
    line += Quote(field.value);
  }
  logger_->log(level, "{}", line);
}

}  // namespace mqueue::log
