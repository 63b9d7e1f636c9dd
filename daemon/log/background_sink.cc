#include "daemon/log/background_sink.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <array>
#include <atomic>
#include <climits>
#include <condition_variable>
#include <string_view>
#include <system_error>
#include <utility>

#include "daemon/os/standard_streams.h"

namespace mqueue::log {
namespace {

// More than time and level take in either format.
constexpr std::size_t kLongestPrefix = 128;

}  // namespace

// Formats lines and writes them: on the calling thread at first, on the pool's thread later.
class BackgroundSink::Writer final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  Writer(int descriptor, Format format)
      : base_sink(std::make_unique<spdlog::pattern_formatter>(LinePattern(format), spdlog::pattern_time_type::utc)),
        descriptor_(descriptor),
        format_(format) {}

  // Lines come from the queue of `pool` from now on. Before the first of them.
  void Attach(spdlog::details::thread_pool* pool) {
    pool_ = pool;
    flushed_ = false;
  }

  // The queue is empty, and nothing is put into it any more: the pool is about to end.
  void Detach() {
    failed_ += Overrun();
    pool_ = nullptr;
  }

  std::uint64_t Dropped() const { return failed_ + Overrun(); }
  void CountFailedLine(std::uint64_t lines = 1) { failed_ += lines; }

  // Whether a flush has come through the queue within `grace`, and so every line before it.
  bool WaitForFlush(std::chrono::milliseconds grace) {
    std::unique_lock lock(flush_mutex_);
    return flush_done_.wait_for(lock, grace, [this] { return flushed_; });
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& line) override {
    if (!Write(line)) {
      CountFailedLine();
    } else if (pool_ != nullptr && pool_->queue_size() == 0) {
      ReportDropped();
    }
  }

  void flush_() override {
    ReportDropped();
    {
      const std::lock_guard lock(flush_mutex_);
      flushed_ = true;
    }
    flush_done_.notify_all();
  }

 private:
  std::uint64_t Overrun() const { return pool_ == nullptr ? 0 : pool_->overrun_counter(); }

  bool Write(const spdlog::details::log_msg& line) {
    spdlog::memory_buf_t text;
    formatter_->format(line, text);
    return os::WriteAll(descriptor_, std::string_view(text.data(), text.size())).has_value();
  }

  void ReportDropped() {
    const std::uint64_t dropped = Dropped();
    if (dropped == reported_) return;
    const std::array<Field, 2> fields{
        Field{.key = "lines", .value = std::to_string(dropped - reported_)},
        Field{.key = "hint", .value = "the process that reads stderr is too slow, or was gone"},
    };
    const std::string payload = RenderLine(format_, "log lines dropped", fields);
    if (Write({"", spdlog::level::warn, payload})) reported_ = dropped;
  }

  const int descriptor_;
  const Format format_;
  spdlog::details::thread_pool* pool_ = nullptr;
  std::atomic<std::uint64_t> failed_ = 0;
  // Of all dropped lines, those that a line has told of.
  std::uint64_t reported_ = 0;

  std::mutex flush_mutex_;
  std::condition_variable flush_done_;
  bool flushed_ = false;
};

BackgroundSink::BackgroundSink(int descriptor, Format format)
    : descriptor_(descriptor), writer_(std::make_shared<Writer>(descriptor, format)) {}

BackgroundSink::~BackgroundSink() {
  pool_.reset();
  background_.reset();
}

bool BackgroundSink::StartThread() {
  const std::lock_guard lock(mutex_);
  return background_ != nullptr || Start();
}

bool BackgroundSink::Start() {
  try {
    pool_ = std::make_shared<spdlog::details::thread_pool>(kMaxLines, 1);
  } catch (const std::system_error&) {
    return false;
  }
  writer_->Attach(pool_.get());
  background_ = std::make_shared<spdlog::async_logger>("mqueue_exporter", writer_, pool_,
                                                       spdlog::async_overflow_policy::overrun_oldest);
  // Levels were judged before a line came here.
  background_->set_level(spdlog::level::trace);
  // By default spdlog would write the error to stderr, on the thread that logs.
  background_->set_error_handler([writer = writer_.get()](const std::string&) { writer->CountFailedLine(); });
  for (const auto& line : kept_) background_->log(line.time, line.source, line.level, line.payload);
  kept_.clear();
  return true;
}

bool BackgroundSink::Finish(std::chrono::milliseconds grace) {
  {
    const std::lock_guard lock(mutex_);
    if (!background_) {
      if (kept_.empty()) return true;
      if (!Start()) return false;
    }
    background_->flush();
  }
  if (!writer_->WaitForFlush(grace)) return false;
  const std::lock_guard lock(mutex_);
  // The queue is empty, so the thread ends at once.
  writer_->Detach();
  pool_.reset();
  background_.reset();
  return true;
}

std::uint64_t BackgroundSink::Dropped() const {
  const std::lock_guard lock(mutex_);
  return writer_->Dropped();
}

void BackgroundSink::CountFailedLine() { writer_->CountFailedLine(); }

void BackgroundSink::log(const spdlog::details::log_msg& line) {
  const std::lock_guard lock(mutex_);
  if (background_) return background_->log(line.time, line.source, line.level, line.payload);
  const bool is_short = line.payload.size() + kLongestPrefix <= PIPE_BUF;
  if (kept_.empty() && is_short && os::IsWritable(descriptor_)) return writer_->log(line);
  if (kept_.size() == kMaxLines) {
    kept_.pop_front();
    writer_->CountFailedLine();
  }
  kept_.emplace_back(line);
}

}  // namespace mqueue::log
