#include "daemon/log/log.h"

#include <spdlog/pattern_formatter.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace mqueue::log {
namespace {

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

}  // namespace

Log::Log(Level level, Format format) : Log(level, format, std::make_shared<BackgroundSink>(STDERR_FILENO, format)) {}

Log::Log(Level level, Format format, std::shared_ptr<BackgroundSink> stderr_sink)
    : Log(level, format, spdlog::sink_ptr(stderr_sink)) {
  // By default spdlog would write the error to stderr, on the thread that logs.
  logger_->set_error_handler([sink = stderr_sink.get()](const std::string&) { sink->CountFailedLine(); });
  stderr_ = std::move(stderr_sink);
}

Log::Log(Level level, Format format, spdlog::sink_ptr sink)
    : format_(format), logger_(std::make_shared<spdlog::logger>("mqueue_exporter", std::move(sink))) {
  logger_->set_level(ToSpdlog(level));
  logger_->set_formatter(
      std::make_unique<spdlog::pattern_formatter>(LinePattern(format), spdlog::pattern_time_type::utc));
}

bool Log::StartThread() const { return !stderr_ || stderr_->StartThread(); }

bool Log::Finish(std::chrono::milliseconds grace) const { return !stderr_ || stderr_->Finish(grace); }

std::uint64_t Log::LinesDropped() const { return stderr_ ? stderr_->Dropped() : 0; }

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
  logger_->log(level, RenderLine(format_, event, {fields.begin(), fields.size()}));
}

}  // namespace mqueue::log
