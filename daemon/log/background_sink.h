#ifndef DAEMON_LOG_BACKGROUND_SINK_H_
#define DAEMON_LOG_BACKGROUND_SINK_H_

#include <spdlog/async_logger.h>
#include <spdlog/details/log_msg_buffer.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/sink.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "daemon/log/line.h"

namespace mqueue::log {

/// Writes lines to a descriptor without blocking the thread that logs, even if nobody reads the other end.
///
/// After StartThread, spdlog's asynchronous logger writes the lines on a thread of its own, from a queue of kMaxLines.
/// When the queue is full, the oldest line is dropped. When the queue has been drained, one more line says how many
/// were dropped.
///
/// Before StartThread, the calling thread writes a line if the descriptor takes it at once. Otherwise the sink keeps it
/// (the last kMaxLines of them) for the thread.
///
/// Thread safety: every method but Finish may be called from any thread at any time.
class BackgroundSink final : public spdlog::sinks::sink {
 public:
  static constexpr std::size_t kMaxLines = 512;

  /// `descriptor` is not owned. The process ignores SIGPIPE.
  BackgroundSink(int descriptor, Format format);
  /// Blocks until the thread has written every line: call Finish first, and leave the process if that returns false.
  ~BackgroundSink() override;
  BackgroundSink(const BackgroundSink&) = delete;
  BackgroundSink& operator=(const BackgroundSink&) = delete;

  /// Starts the thread, once. It keeps the capabilities of the calling thread and its Landlock domain, so call it when
  /// the process is confined. Returns false if the thread could not be created; then nothing has changed.
  bool StartThread();

  /// Waits at most `grace` until every line is written, and ends the thread. Returns false if a line is still not
  /// written; the thread then blocks in a write, and only the end of the process ends it. No other thread logs any
  /// more.
  bool Finish(std::chrono::milliseconds grace);

  /// Lines that were dropped because the queue was full, or because a write failed.
  std::uint64_t Dropped() const;

  /// Counts a line that failed before it reached the sink.
  void CountFailedLine();

  void log(const spdlog::details::log_msg& line) override;
  void flush() override {}
  /// The format is given to the constructor.
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  class Writer;

  // With the mutex held.
  bool Start();

  const int descriptor_;
  const std::shared_ptr<Writer> writer_;
  mutable std::mutex mutex_;
  // Lines kept for the thread; empty once it runs.
  std::deque<spdlog::details::log_msg_buffer> kept_;
  // Both null while there is no thread.
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> background_;
};

}  // namespace mqueue::log

#endif  // DAEMON_LOG_BACKGROUND_SINK_H_
